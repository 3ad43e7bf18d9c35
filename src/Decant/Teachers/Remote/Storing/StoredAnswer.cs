using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.Extensions.AI;

namespace Decant.Teachers.Remote.Storing;

/// <summary>What is kept of an answer beside its text: all that the same <see cref="ChatResponse"/> needs again.</summary>
internal sealed record StoredAnswer
{
    private static readonly JsonSerializerOptions s_json = new() { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals };

    [JsonPropertyName("finish")]
    public string? Finish { get; init; }

    [JsonPropertyName("model")]
    public string? Model { get; init; }

    [JsonPropertyName("id")]
    public string? Id { get; init; }

    [JsonPropertyName("created")]
    public DateTimeOffset? Created { get; init; }

    [JsonPropertyName("usage")]
    public UsageDetails? Usage { get; init; }

    [JsonPropertyName("logprobs")]
    public IReadOnlyList<TokenLogprobs>? Logprobs { get; init; }

    [JsonPropertyName("prompt_logprobs")]
    public int? PromptLogprobs { get; init; }

    [JsonPropertyName("refusal")]
    public string? Refusal { get; init; }

    [JsonPropertyName("choices")]
    public IReadOnlyList<string>? Choices { get; init; }

    /// <summary>The messages, where they are more than one text of the assistant.</summary>
    [JsonPropertyName("messages")]
    public JsonElement? Messages { get; init; }

    /// <summary>The texts that a store keeps of a response: its text, and the rest as JSON.</summary>
    /// <param name="response">The response.</param>
    public static string[] Texts(ChatResponse response)
    {
        var isPlain = response.Messages is [{ } only] && only.Role == ChatRole.Assistant && only.Contents.All(content => content is TextContent);
        var rest = new StoredAnswer
        {
            Finish = response.FinishReason?.Value,
            Model = response.ModelId,
            Id = response.ResponseId,
            Created = response.CreatedAt,
            Usage = response.Usage,
            Logprobs = response.Logprobs() is { Count: > 0 } logprobs ? logprobs : null,
            PromptLogprobs = Property<int?>(response, RequestNames.PromptLogprobs),
            Refusal = Property<string>(response, RequestNames.Refusal),
            Choices = Property<IReadOnlyList<string>>(response, RequestNames.ChoiceTexts),
            Messages = isPlain ? null : JsonSerializer.SerializeToElement(response.Messages, AIJsonUtilities.DefaultOptions),
        };
        return [WholeCharacters(response.Text), JsonSerializer.Serialize(rest, s_json)];
    }

    /// <summary>The response that was stored.</summary>
    /// <param name="texts">What <see cref="Texts"/> gave.</param>
    /// <param name="isFromStore">Whether it was there before it was asked for.</param>
    /// <exception cref="InvalidDataException">It is something else.</exception>
    public static ChatResponse Response(string[] texts, bool isFromStore)
    {
        if (texts is not [var text, var json])
            throw new InvalidDataException($"{texts.Length} texts, and not one with its particulars");
        StoredAnswer rest;
        IList<ChatMessage> messages;
        try
        {
            rest = JsonSerializer.Deserialize<StoredAnswer>(json, s_json) ?? throw new InvalidDataException("no particulars");
            messages = rest.Messages?.Deserialize<List<ChatMessage>>(AIJsonUtilities.DefaultOptions) ?? [new ChatMessage(ChatRole.Assistant, text)];
        }
        catch (JsonException error)
        {
            throw new InvalidDataException("particulars that are no JSON", error);
        }

        return new ChatResponse(messages)
        {
            FinishReason = rest.Finish is { } finish ? new ChatFinishReason(finish) : null,
            ModelId = rest.Model,
            ResponseId = rest.Id,
            CreatedAt = rest.Created,
            Usage = rest.Usage,
            AdditionalProperties = rest.Properties(isFromStore),
        };
    }

    private static T? Property<T>(ChatResponse response, string name) => response.AdditionalProperties?.TryGetValue(name, out T? value) == true ? value : default;

    // Half of a character, as of an answer that is cut off, has no UTF-8.
    private static string WholeCharacters(string text) => System.Text.Encoding.UTF8.GetString(System.Text.Encoding.UTF8.GetBytes(text));

    private AdditionalPropertiesDictionary Properties(bool isFromStore)
    {
        var properties = new AdditionalPropertiesDictionary { [RequestNames.FromStore] = isFromStore };
        if (Logprobs is not null)
            properties[RequestNames.Logprobs] = Logprobs;
        if (PromptLogprobs is { } prompt)
            properties[RequestNames.PromptLogprobs] = prompt;
        if (Refusal is not null)
            properties[RequestNames.Refusal] = Refusal;
        if (Choices is not null)
            properties[RequestNames.ChoiceTexts] = Choices;
        return properties;
    }
}
