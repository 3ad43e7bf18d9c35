using System.Text.Json.Nodes;
using Decant.Models;
using Decant.Modules;

namespace Decant.Jobs;

/// <summary>A model in a few words.</summary>
internal static class ModelWords
{
    private const int MaxLength = 160;

    /// <summary>The family's own settings, without the bookkeeping of <c>config.json</c>.</summary>
    public static string Of(Model model)
    {
        if (model is not IConfigured configured)
            return model.GetType().Name;
        var parts = configured.Config.ToJson()
            .Where(p => p.Value is JsonValue or JsonArray && !p.Key.Contains("token", StringComparison.Ordinal) && p.Key is not ("model_type" or "architectures" or "num_labels"))
            .Select(p => $"{p.Key.Replace('_', ' ')} {Value(p.Value!)}");
        var text = string.Join(", ", parts);
        return text.Length <= MaxLength ? text : text[..(MaxLength - 1)] + "…";
    }

    private static string Value(JsonNode value) => value is JsonArray array ? "[" + string.Join(", ", array.Select(v => v?.ToString())) + "]" : value.ToString();
}
