using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.AI;

namespace Decant.Teachers.Remote.Scoring;

/// <summary>Reads what a server says of the tokens of a prompt.</summary>
internal static class CompletionReply
{
    private const string IdMark = "token_id:"; // how vLLM writes a token where it is asked for ids

    /// <summary>All tokens that it speaks of, those that it generated at the end; null: it gives no log-probabilities of a prompt.</summary>
    /// <param name="root">The reply.</param>
    /// <param name="ids">The tokens that were sent.</param>
    /// <param name="form">How it was asked.</param>
    public static IReadOnlyList<PromptTokenScore>? Tokens(JsonElement root, IReadOnlyList<int> ids, PromptLogprobsForm form)
    {
        var choice = List(root, "choices") is { } choices && choices.GetArrayLength() > 0 ? choices[0] : default;
        if (form == PromptLogprobsForm.Echo)
            return Member(choice, RequestNames.Logprobs) is { } echoed ? Echoed(echoed) : null;
        return (List(choice, RequestNames.PromptLogprobs) ?? List(root, RequestNames.PromptLogprobs)) is { } list
            ? [.. list.EnumerateArray().Select((token, i) => ById(token, i < ids.Count ? ids[i] : null))] : null;
    }

    /// <summary>What the server counted; null: it does not say.</summary>
    public static UsageDetails? Usage(JsonElement root) => Member(root, "usage") is { } usage && Count(usage, "prompt_tokens") is { } input
        ? new UsageDetails { InputTokenCount = input, OutputTokenCount = Count(usage, "completion_tokens") ?? 0 } : null;

    private static PromptTokenScore[]? Echoed(JsonElement logprobs)
    {
        if (List(logprobs, "token_logprobs") is not { } scores)
            return null;
        string?[] tokens = List(logprobs, "tokens") is { } texts ? [.. texts.EnumerateArray().Select(t => t.ValueKind == JsonValueKind.String ? t.GetString() : null)] : [];
        return [.. scores.EnumerateArray().Select((score, i) => Echoed(Number(score), i < tokens.Length ? tokens[i] : null))];
    }

    private static PromptTokenScore Echoed(double? score, string? token) =>
        token?.StartsWith(IdMark, StringComparison.Ordinal) is true && int.TryParse(token.AsSpan(IdMark.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? new(score, id, null) : new(score, null, token);

    // {"12": {"logprob": -1.5, "decoded_token": "a", …}, …}: the token itself, and perhaps more probable ones.
    private static PromptTokenScore ById(JsonElement token, int? sent)
    {
        if (token.ValueKind != JsonValueKind.Object)
            return default;
        var named = token.EnumerateObject().Select(t => (Id: int.TryParse(t.Name, NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : -1, t.Value)).ToArray();
        var own = Array.FindIndex(named, t => t.Id == sent) is >= 0 and var found ? named[found] : named.FirstOrDefault((Id: -1, default));
        return new(Member(own.Value, "logprob") is { } score ? Number(score) : null, own.Id, Member(own.Value, "decoded_token") is { ValueKind: JsonValueKind.String } text ? text.GetString() : null);
    }

    private static double? Number(JsonElement value) => value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var number) ? number : null;

    private static long? Count(JsonElement of, string name) => Member(of, name) is { ValueKind: JsonValueKind.Number } value && value.TryGetInt64(out var count) && count >= 0 ? count : null;

    private static JsonElement? List(JsonElement of, string name) => Member(of, name) is { ValueKind: JsonValueKind.Array } list ? list : null;

    private static JsonElement? Member(JsonElement of, string name) => of.ValueKind == JsonValueKind.Object && of.TryGetProperty(name, out var value) ? value : null;
}
