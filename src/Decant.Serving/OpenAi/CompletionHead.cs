using System.Text.Json;

namespace Decant.Serving.OpenAi;

/// <summary>What all parts of an answer have in common.</summary>
/// <param name="model">The model's name.</param>
/// <param name="prefix">What ids begin with.</param>
/// <param name="kind">What it is.</param>
internal sealed class CompletionHead(string model, string prefix = "cmpl", string kind = "text_completion")
{
    private readonly string _id = $"{prefix}-{Guid.NewGuid():N}";
    private readonly long _created = DateTimeOffset.UtcNow.ToUnixTimeSeconds();

    /// <summary>Writes choices and the counts of tokens.</summary>
    public void Write(Utf8JsonWriter json, IReadOnlyList<JsonElement> choices, CompletionUsage usage)
    {
        Begin(json);
        foreach (var choice in choices)
            choice.WriteTo(json);
        json.WriteEndArray();
        json.WriteStartObject("usage");
        json.WriteNumber("prompt_tokens", usage.Prompt);
        json.WriteNumber("completion_tokens", usage.Generated);
        json.WriteNumber("total_tokens", usage.Prompt + usage.Generated);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    /// <summary>Writes a part of one choice.</summary>
    public void Write(Utf8JsonWriter json, Action<Utf8JsonWriter> choice)
    {
        Begin(json);
        choice(json);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private void Begin(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("id", _id);
        json.WriteString("object", kind);
        json.WriteNumber("created", _created);
        json.WriteString("model", model);
        json.WriteStartArray("choices");
    }
}
