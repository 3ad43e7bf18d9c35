using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Decant.Files;
using Decant.Runs.Recipes.Kinds;
using Decant.Runs.Recipes.Schema;

namespace Decant.Runs.Preparing;

/// <summary>What becomes of an image before the model reads it, in Hugging Face's manner: bytes are divided by 255, then (x − mean) / std of every channel.</summary>
internal static class PreprocessorConfig
{
    /// <summary>The file's name.</summary>
    public const string FileName = "preprocessor_config.json";

    private const double Levels = 255;
    private const int Bilinear = 2; // PIL's number of it
    private static readonly JsonSerializerOptions s_json = new() { WriteIndented = true };

    /// <summary>Writes it beside a model that a recipe's images were given to; for other inputs nothing.</summary>
    /// <param name="folder">The exported folder.</param>
    /// <param name="input">The recipe's input.</param>
    /// <param name="shape">[channels, height, width] of an image; null, or of another kind: the size is left out.</param>
    public static void Write(string folder, InputSection input, IReadOnlyList<long>? shape)
    {
        if (input.Kind == InputKind.Image)
            WriteImages(folder, input, shape);
    }

    /// <summary>Writes it for a model of images.</summary>
    /// <inheritdoc cref="Write" path="/param"/>
    public static void WriteImages(string folder, ImageInput input, IReadOnlyList<long>? shape) =>
        AtomicFile.Write(Path.Combine(folder, FileName), Encoding.UTF8.GetBytes(Of(input, shape).ToJsonString(s_json) + "\n"));

    private static JsonObject Of(ImageInput input, IReadOnlyList<long>? shape)
    {
        (long Height, long Width)? edges = shape is [_, var height, var width] ? (height, width) : input.Size is { } size ? (size, size) : null;
        var channels = input.Mean?.Count ?? input.Std?.Count;
        var json = new JsonObject
        {
            ["do_normalize"] = channels is not null,
            ["do_rescale"] = true,
            ["do_resize"] = edges is not null,
            ["image_processor_type"] = "ViTImageProcessor",
            ["rescale_factor"] = 1 / Levels,
        };
        if (channels is { } count)
        {
            json["image_mean"] = Numbers(input.Mean ?? [.. Enumerable.Repeat(0.0, count)]);
            json["image_std"] = Numbers(input.Std ?? [.. Enumerable.Repeat(1.0, count)]);
        }

        if (edges is { } sides)
        {
            json["resample"] = Bilinear;
            json["size"] = new JsonObject { ["height"] = sides.Height, ["width"] = sides.Width };
        }

        return json;
    }

    private static JsonArray Numbers(IReadOnlyList<double> numbers) => [.. numbers.Select(n => (JsonNode)n)];
}
