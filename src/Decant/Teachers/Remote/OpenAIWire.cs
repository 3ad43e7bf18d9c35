using System.ClientModel.Primitives;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.AI;
using OpenAI.Chat;

namespace Decant.Teachers.Remote;

#pragma warning disable SCME0001 // JsonPatch is for evaluation

/// <summary>Translates between <c>AdditionalProperties</c> and the keys of the wire.</summary>
internal static class OpenAIWire
{
    /// <summary>The options that are sent.</summary>
    /// <param name="options">Those that were given; not changed.</param>
    /// <param name="endpoint">Where to.</param>
    public static ChatOptions Asked(ChatOptions? options, RemoteEndpoint endpoint)
    {
        var asked = options?.Clone() ?? new ChatOptions();
        if (asked.RawRepresentationFactory is not null)
            return asked; // the caller knows the wire
        var properties = asked.AdditionalProperties;
        var most = asked.MaxOutputTokens;
        asked.RawRepresentationFactory = _ =>
        {
            var raw = new ChatCompletionOptions();
            foreach (var name in RequestNames.Sent)
            {
                if (properties?.TryGetValue(name, out var value) == true && value is not null)
                    raw.Patch.Set(Encoding.UTF8.GetBytes("$." + name), BinaryData.FromString(JsonSerializer.Serialize(value)));
            }

            if (most is { } tokens && !IsOpenAI(endpoint.Address))
                raw.Patch.Set("$.max_tokens"u8, tokens); // servers that do not know max_completion_tokens
            return raw;
        };
        return asked;
    }

    /// <summary>Notes in a response what it has beyond the members of Microsoft.Extensions.AI.</summary>
    /// <param name="response">The response, which is changed.</param>
    public static void Note(ChatResponse response)
    {
        if (response.RawRepresentation is not ChatCompletion completion)
            return;
        using var json = JsonDocument.Parse(ModelReaderWriter.Write(completion, new ModelReaderWriterOptions("J")));
        var root = json.RootElement;
        var choices = root.GetProperty("choices");
        var properties = response.AdditionalProperties ??= [];
        if (Logprobs(choices[0]) is { Count: > 0 } logprobs)
            properties[RequestNames.Logprobs] = logprobs;
        if (choices.GetArrayLength() > 1)
            properties[RequestNames.ChoiceTexts] = (IReadOnlyList<string>)[.. choices.EnumerateArray().Select(choice => Text(choice, "content"))];
        if (Text(choices[0], RequestNames.Refusal) is { Length: > 0 } refusal)
            properties[RequestNames.Refusal] = refusal;
        var prompt = PromptTokens(root) + PromptTokens(choices[0]);
        if (prompt > 0)
            properties[RequestNames.PromptLogprobs] = prompt;
    }

    private static List<TokenLogprobs> Logprobs(JsonElement choice)
    {
        var found = new List<TokenLogprobs>();
        if (choice.TryGetProperty("logprobs", out var logprobs) && logprobs.ValueKind == JsonValueKind.Object && logprobs.TryGetProperty("content", out var content) && content.ValueKind == JsonValueKind.Array)
        {
            foreach (var position in content.EnumerateArray())
                found.Add(new TokenLogprobs(Token(position), Logprob(position), Top(position)));
        }

        return found;
    }

    private static TokenLogprob[] Top(JsonElement position) => position.TryGetProperty("top_logprobs", out var top) && top.ValueKind == JsonValueKind.Array
        ? [.. top.EnumerateArray().Select(one => new TokenLogprob(Token(one), Logprob(one)))]
        : [];

    private static string Token(JsonElement of) => of.TryGetProperty("token", out var token) ? token.GetString() ?? "" : "";

    private static double Logprob(JsonElement of) => of.TryGetProperty("logprob", out var value) && value.TryGetDouble(out var number) ? number : double.NegativeInfinity;

    private static int PromptTokens(JsonElement of) => of.TryGetProperty("prompt_logprobs", out var list) && list.ValueKind == JsonValueKind.Array
        ? list.EnumerateArray().Count(token => token.ValueKind == JsonValueKind.Object)
        : 0;

    private static string Text(JsonElement choice, string name) =>
        choice.TryGetProperty("message", out var message) && message.TryGetProperty(name, out var content) && content.ValueKind == JsonValueKind.String ? content.GetString()! : "";

    private static bool IsOpenAI(Uri address) => address.Host.EndsWith(".openai.com", StringComparison.OrdinalIgnoreCase) || address.Host.EndsWith(".azure.com", StringComparison.OrdinalIgnoreCase);
}
