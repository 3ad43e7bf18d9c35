using System.Text.Json;
using Microsoft.Extensions.AI;

namespace Decant.Teachers.Remote.Probing;

/// <summary>Finds out what a server can do, by a dozen short requests, before anything depends on it.</summary>
public static class ChatProbe
{
    private const int FewTokens = 8;
    private const int JsonTokens = 64;
    private const string Letters = "Write eight random letters, and nothing else.";
    private const string Json = "Answer with a JSON object that has the key \"number\" with a whole number, and nothing else.";
    private static readonly int[] s_tops = [20, 5, 1];

    /// <summary>Asks. Through a budget the requests are counted there too.</summary>
    /// <param name="client">The client, with its decorators; it stays its owner's.</param>
    /// <param name="cancellationToken">Ends the probe.</param>
    /// <returns>What was found, and what it cost.</returns>
    /// <exception cref="RemoteTeacherException">The server cannot be used at all: wrong key, unknown model, no API, no connection.</exception>
    public static async Task<ChatCapabilities> RunAsync(IChatClient client, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(client);
        var requests = new ProbeRequests(client, cancellationToken);
        var plain = await requests.Send("Answer with the word yes.", new ChatOptions { MaxOutputTokens = FewTokens }).ConfigureAwait(false);
        var found = new ChatCapabilities { Model = plain.ModelId, Usage = plain.Usage is { InputTokenCount: > 0, OutputTokenCount: > 0 } };
        found = await Generated(requests, found).ConfigureAwait(false);
        found = found with { PromptLogprobs = await OfPrompt(requests).ConfigureAwait(false), Seed = await OfSeed(requests).ConfigureAwait(false) };
        found = await OfJson(requests, found).ConfigureAwait(false);
        found = await Choices(requests, found).ConfigureAwait(false);
        return found with { Requests = requests.Requests, InputTokens = requests.InputTokens, OutputTokens = requests.OutputTokens, Refusals = requests.Refusals };
    }

    private static async Task<ChatCapabilities> Generated(ProbeRequests requests, ChatCapabilities found)
    {
        foreach (var top in s_tops)
        {
            var options = new ChatOptions { MaxOutputTokens = FewTokens, Temperature = 0 }.WithLogprobs(top);
            if (await requests.TrySend($"logprobs of {top} tokens", Letters, options).ConfigureAwait(false) is not { } response)
                continue; // some allow fewer
            var tokens = response.Logprobs();
            return found with { GeneratedLogprobs = tokens.Count > 0, TopLogprobs = tokens.Count > 0 ? tokens.Max(token => token.Top.Count) : 0 };
        }

        return found;
    }

    private static async Task<bool> OfPrompt(ProbeRequests requests)
    {
        var asked = new ChatOptions { MaxOutputTokens = 1, AdditionalProperties = new() { [RequestNames.PromptLogprobs] = 1 } };
        if (await requests.TrySend("logprobs of the prompt", Letters, asked).ConfigureAwait(false) is { } response && response.AdditionalProperties?.ContainsKey(RequestNames.PromptLogprobs) == true)
            return true;
        var echo = new ChatOptions { MaxOutputTokens = 1, AdditionalProperties = new() { [RequestNames.Echo] = true } }.WithLogprobs(1);
        return await requests.TrySend("logprobs of an echoed prompt", Letters, echo).ConfigureAwait(false) is { } echoed && echoed.Logprobs().Count > 2; // one generated, and perhaps one that ends
    }

    private static async Task<bool?> OfSeed(ProbeRequests requests)
    {
        var texts = new List<string>();
        foreach (var seed in new long[] { 1, 1, 2, 3 })
        {
            if (await requests.TrySend("a seed", Letters, new ChatOptions { MaxOutputTokens = FewTokens, Temperature = 1, Seed = seed }).ConfigureAwait(false) is not { } response)
                return false;
            texts.Add(response.Text);
        }

        return texts[0] != texts[1] ? false : texts.Distinct().Count() > 1 ? true : null;
    }

    private static async Task<ChatCapabilities> OfJson(ProbeRequests requests, ChatCapabilities found)
    {
        using var schema = JsonDocument.Parse("""{"type":"object","properties":{"number":{"type":"integer"}},"required":["number"],"additionalProperties":false}""");
        var free = await requests.TrySend("JSON", Json, new ChatOptions { MaxOutputTokens = JsonTokens, Temperature = 0, ResponseFormat = ChatResponseFormat.Json }).ConfigureAwait(false);
        var strict = await requests.TrySend("a JSON schema", Json, new ChatOptions { MaxOutputTokens = JsonTokens, Temperature = 0, ResponseFormat = ChatResponseFormat.ForJsonSchema(schema.RootElement, "number") }).ConfigureAwait(false);
        return found with { JsonMode = Object(free) is not null, JsonSchema = Object(strict) is { } root && root.TryGetProperty("number", out var number) && number.ValueKind == JsonValueKind.Number && root.EnumerateObject().Count() == 1 };
    }

    private static JsonElement? Object(ChatResponse? response)
    {
        try
        {
            using var json = JsonDocument.Parse(response?.Text ?? "");
            return json.RootElement.ValueKind == JsonValueKind.Object ? json.RootElement.Clone() : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static async Task<ChatCapabilities> Choices(ProbeRequests requests, ChatCapabilities found)
    {
        var asked = new ChatOptions { MaxOutputTokens = FewTokens, Temperature = 1, AdditionalProperties = new() { [RequestNames.Choices] = 2 } };
        var response = await requests.TrySend("two choices", Letters, asked).ConfigureAwait(false);
        return response?.AdditionalProperties?.TryGetValue(RequestNames.ChoiceTexts, out IReadOnlyList<string>? texts) == true && texts is { Count: > 1 }
            ? found with { SeveralChoices = true, DuplicatedChoices = texts.Distinct().Count() < texts.Count }
            : found;
    }
}
