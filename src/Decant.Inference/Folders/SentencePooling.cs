using System.Text.Json.Nodes;

namespace Decant.Inference.Folders;

/// <summary>How the states of a text's tokens become one vector, where the ONNX file gives the states alone.</summary>
/// <param name="Kind">Which tokens make it.</param>
/// <param name="Normalizes">Whether the vector is divided by its length.</param>
internal sealed record SentencePooling(PoolingKind Kind, bool Normalizes)
{
    /// <summary>As <c>modules.json</c> and the folder of its pooling say, else as <c>config.json</c> says, else the mean.</summary>
    /// <exception cref="DecantException">A module or way of pooling that is not served; the message names the file.</exception>
    public static SentencePooling Read(ExportedFolder folder)
    {
        var list = Path.Combine(folder.Path, "modules.json");
        if (SettingsFile.ReadList(list) is not { } modules)
            return new(Mode(folder.Config.Pooling ?? "mean", folder.Config.File), folder.Config.Normalize);
        var kinds = modules.Select(module => KindOf(module, list)).ToArray();
        if (kinds is not (["Transformer", "Pooling"] or ["Transformer", "Pooling", "Normalize"]))
            throw new DecantException($"{list}: the modules are {(kinds.Length == 0 ? "none" : string.Join(", ", kinds))}; a Transformer, a Pooling and perhaps a Normalize are served. A vector without the others would be another one.");
        var place = modules[1]!["path"]?.ToString() ?? "";
        if (Path.IsPathRooted(place) || place.Split('/', '\\').Contains(".."))
            throw new DecantException($"{list}: the path of its Pooling is '{place}', which leads out of the folder; expected a folder in this one, such as 1_Pooling. Copy its settings there and name that.");
        var file = Path.Combine(folder.Path, place, ExportedConfig.Name);
        var settings = SettingsFile.Read(file) ?? throw new DecantException($"{file} is not there, and {list} names it. Copy the whole folder.");
        return new(Mode(ModeOf(settings), file), folder.Config.Normalize || kinds.Length == 3);
    }

    private static string ModeOf(JsonObject settings) => settings["pooling_mode"] is { } named ? named.ToString() : string.Join(
        " and ",
        settings.Where(s => s.Key.StartsWith("pooling_mode_", StringComparison.Ordinal) && s.Value is JsonValue v && v.TryGetValue<bool>(out var isOn) && isOn).Select(s => s.Key["pooling_mode_".Length..]));

    /// <summary>The vector [D] of the states [T·D] of a text's tokens, no padding among them.</summary>
    public float[] Vector(ReadOnlySpan<float> states, int width)
    {
        var vector = Kind switch
        {
            PoolingKind.First => states[..width].ToArray(),
            PoolingKind.Last => states[^width..].ToArray(),
            PoolingKind.Max => Folded(states, width, Math.Max),
            _ => Folded(states, width, (a, b) => a + b),
        };
        var length = Normalizes ? Math.Sqrt(vector.Sum(number => (double)number * number)) : Kind == PoolingKind.Mean ? states.Length / width : 1;
        return length > 0 ? Array.ConvertAll(vector, number => (float)(number / length)) : vector;
    }

    private static float[] Folded(ReadOnlySpan<float> states, int width, Func<float, float, float> fold)
    {
        var vector = states[..width].ToArray();
        for (var i = width; i < states.Length; i++)
            vector[i % width] = fold(vector[i % width], states[i]);
        return vector;
    }

    private static PoolingKind Mode(string mode, string file) => mode switch
    {
        "cls_token" or "cls" or "first" => PoolingKind.First,
        "mean_tokens" or "mean" => PoolingKind.Mean,
        "max_tokens" or "max" => PoolingKind.Max,
        "lasttoken" or "last" => PoolingKind.Last,
        _ => throw new DecantException($"{file}: the vector is made by '{mode}'; the mean (mean_tokens), the first token (cls_token), the largest (max_tokens) or the last token (lasttoken), one alone, are served."),
    };

    // Such as sentence_transformers.models.Pooling.
    private static string KindOf(JsonNode? module, string file) => module is JsonObject && module["type"]?.ToString() is { Length: > 0 } type
        ? type[(type.LastIndexOf('.') + 1)..]
        : throw new DecantException($"{file}: expected a list of objects with a 'type' and a 'path', came {SettingsFile.Shown(module)}.");
}

/// <summary>Which tokens of a text make its vector.</summary>
internal enum PoolingKind
{
    /// <summary>The mean of all.</summary>
    Mean,

    /// <summary>The first.</summary>
    First,

    /// <summary>The largest of all, number by number.</summary>
    Max,

    /// <summary>The last.</summary>
    Last,
}
