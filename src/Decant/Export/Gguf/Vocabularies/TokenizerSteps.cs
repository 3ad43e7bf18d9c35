using System.Text.Json;

namespace Decant.Export.Gguf.Vocabularies;

/// <summary>The components of a tokenizer.json one after the other, sequences laid open.</summary>
internal static class TokenizerSteps
{
    /// <summary>The steps of a component; none where there is none.</summary>
    public static IReadOnlyList<JsonElement> Of(JsonElement? component)
    {
        if (component is not { ValueKind: JsonValueKind.Object } one)
            return [];
        foreach (var name in new[] { "normalizers", "pretokenizers" })
            if (one.TryGetProperty(name, out var steps))
                return [.. steps.EnumerateArray().SelectMany(step => Of(step))];
        return [one];
    }

    /// <summary>The name of a step.</summary>
    public static string Type(this JsonElement step) => step.GetProperty("type").GetString() ?? "";

    /// <summary>A switch of a step.</summary>
    public static bool Bool(this JsonElement step, string name, bool otherwise) =>
        step.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.True or JsonValueKind.False ? value.GetBoolean() : otherwise;

    /// <summary>A text of a step; null: it is not there.</summary>
    public static string? Text(this JsonElement step, string name) => step.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    /// <summary>What a step looks for: a text or a regular expression, under its name; null: nothing.</summary>
    public static string? Pattern(this JsonElement step, string kind) => step.TryGetProperty("pattern", out var pattern) && pattern.ValueKind == JsonValueKind.Object ? pattern.Text(kind) : null;

    /// <summary>The names of steps, for people.</summary>
    public static string Names(this IEnumerable<JsonElement> steps) => string.Join(", ", steps.Select(Type));
}
