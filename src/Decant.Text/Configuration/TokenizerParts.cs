using System.Text.Json;
using System.Text.Json.Nodes;
using Decant.Text.Models;
using Decant.Text.Vocabularies;

namespace Decant.Text.Configuration;

/// <summary>What a tokenizer is made of, as in a tokenizer.json.</summary>
internal sealed record TokenizerParts
{
    public required TokenModel Model { get; init; }

    public IReadOnlyList<AddedToken> Added { get; init; } = [];

    public JsonElement? Normalizer { get; init; }

    public JsonElement? PreTokenizer { get; init; }

    public JsonElement? PostProcessor { get; init; }

    public JsonElement? Decoder { get; init; }

    public JsonElement? Truncation { get; init; }

    public JsonElement? Padding { get; init; }

    public required TokenizerConfig Config { get; init; }

    /// <summary>Where they come from, for errors.</summary>
    public required string Source { get; init; }

    /// <summary>A component written as JSON.</summary>
    public static JsonElement Json(string json)
    {
        using var document = JsonDocument.Parse(json);
        return document.RootElement.Clone();
    }

    /// <summary>A component made of values.</summary>
    public static JsonElement Json(JsonObject values) => Json(values.ToJsonString());
}
