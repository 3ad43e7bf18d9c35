using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Decant.Compression.Quantization.Numbers;
using Decant.Files;

namespace Decant.Compression.Quantization;

/// <summary>The ranges of activations of a student that learned for static int8, as a file beside its weights.</summary>
internal static class RangesFile
{
    /// <summary>Its name in the student's folder.</summary>
    public const string Name = "activation_ranges.json";

    private static readonly JsonSerializerOptions s_json = new() { WriteIndented = true };

    /// <summary>Writes it; one that is there is replaced.</summary>
    /// <param name="folder">The student's folder.</param>
    /// <param name="ranges">The ranges.</param>
    public static void Write(string folder, KnownRanges ranges)
    {
        var form = ranges.Form;
        var layers = new JsonObject();
        foreach (var (name, layer) in ranges.Layers.OrderBy(l => l.Key, StringComparer.Ordinal))
        {
            var entry = new JsonObject { ["input"] = Of(layer.Input) };
            if (layer.Output is { } output)
                entry["output"] = Of(output);
            layers[name] = entry;
        }

        var json = new JsonObject
        {
            ["form"] = "int8",
            ["ranges"] = JsonNamingPolicy.KebabCaseLower.ConvertName(form.Ranges.ToString()),
            ["per_channel"] = form.PerChannel,
            ["reduce_range"] = form.ReduceRange ?? throw new ArgumentException("The integers of the weights are not decided.", nameof(ranges)),
            ["embeddings"] = form.Embeddings,
            ["symmetric_activations"] = form.SymmetricActivations,
            ["calibration"] = JsonNamingPolicy.KebabCaseLower.ConvertName(form.Calibration.ToString()),
            ["percentile"] = form.Percentile,
            ["exclude"] = new JsonArray([.. form.Exclude.Select(e => JsonValue.Create(e))]),
            ["layers"] = layers,
        };
        AtomicFile.Write(Path.Combine(folder, Name), Encoding.UTF8.GetBytes(json.ToJsonString(s_json) + "\n"));
    }

    /// <summary>Reads it; null: the folder has none.</summary>
    /// <exception cref="DecantException">It is no such file.</exception>
    public static KnownRanges? Find(string folder)
    {
        var path = Path.Combine(folder, Name);
        if (!Path.Exists(path))
            return null;
        try
        {
            var json = Object(JsonContent.Node(path), "the file");
            if ((string?)json["form"] is var form && form != "int8")
                throw new DecantException($"'form' is '{form}'; 'int8' was expected.");
            var layers = Object(json["layers"], "'layers'").ToDictionary(l => l.Key, l => Layer(l.Key, l.Value), StringComparer.Ordinal);
            return new KnownRanges(
                new StaticInt8
                {
                    Ranges = Named<RangeSource>(json, "ranges"),
                    PerChannel = Value<bool>(json, "per_channel"),
                    ReduceRange = Value<bool>(json, "reduce_range"),
                    Embeddings = Value<bool>(json, "embeddings"),
                    SymmetricActivations = Value<bool>(json, "symmetric_activations"),
                    Calibration = Named<Calibrating.CalibrationMethod>(json, "calibration"),
                    Percentile = Value<double>(json, "percentile"),
                    Exclude = [.. (json["exclude"] as JsonArray ?? throw new DecantException("'exclude' is missing; a list was expected.")).Select(e => (string)e!)],
                },
                layers);
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or FormatException or DecantException or ArgumentException)
        {
            throw new DecantException($"{path}: {error.Message} The ranges that the student learned with were expected; take the file that was saved with it, or move it away, and ranges are found from samples.", inner: error);
        }
    }

    private static JsonObject Of(StaticScale scale) => new() { ["scale"] = scale.Affine.Scale, ["zero_point"] = scale.Affine.ZeroPoint, ["axes"] = scale.Rank };

    private static LayerRanges Layer(string name, JsonNode? node)
    {
        var layer = Object(node, $"the layer '{name}'");
        return new LayerRanges(Scale(name, layer["input"]), layer["output"] is { } output ? Scale(name, output) : null);
    }

    private static StaticScale Scale(string name, JsonNode? node)
    {
        var entry = Object(node, $"a range of '{name}'");
        var (scale, zero, axes) = (Value<float>(entry, "scale"), Value<int>(entry, "zero_point"), Value<int>(entry, "axes"));
        if (!float.IsNormal(scale) || scale < 0 || zero < 0 || zero > 255 || axes < 0)
            throw new DecantException($"a range of '{name}' has the scale {scale}, the zero point {zero} and {axes} axes; a positive scale, a zero point from 0 to 255 and a number of axes were expected.");
        return new StaticScale(new AffineScale(scale, zero, IntegerRange.UInt8), axes);
    }

    private static JsonObject Object(JsonNode? node, string what) => node as JsonObject ?? throw new DecantException($"{what} is no JSON object.");

    private static T Value<T>(JsonObject json, string key) => (json[key] ?? throw new DecantException($"'{key}' is missing.")).GetValue<T>();

    private static T Named<T>(JsonObject json, string key) where T : struct, Enum =>
        Enum.GetValues<T>().Cast<T?>().FirstOrDefault(v => JsonNamingPolicy.KebabCaseLower.ConvertName(v.ToString()!) == Value<string>(json, key))
            ?? throw new DecantException($"'{key}' is '{Value<string>(json, key)}'; {string.Join(" or ", Enum.GetNames<T>().Select(JsonNamingPolicy.KebabCaseLower.ConvertName))} was expected.");
}
