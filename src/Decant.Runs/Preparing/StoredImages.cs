using System.Text.Json;
using System.Text.Json.Nodes;
using Decant.Files;
using Decant.Runs.Recipes.Schema;

namespace Decant.Runs.Preparing;

/// <summary>What a model's folder says of its images, in <c>preprocessor_config.json</c>.</summary>
/// <param name="Input">Size, mean and deviation; the size is null where it is that of the images.</param>
/// <param name="HasSize">Whether it says a size.</param>
internal sealed record StoredImages(ImageInput Input, bool HasSize)
{
    private const int Bilinear = 2; // PIL's number of it
    private const double Factor = 1.0 / 255;

    /// <summary>Size, mean and deviation of a folder's images; null: it says nothing, or is a file.</summary>
    /// <param name="folder">A model's folder.</param>
    /// <param name="height">The pixels of the images that there are, from top to bottom: stored sizes of these need no resizing, whatever form they have.</param>
    /// <param name="width">From left to right.</param>
    /// <exception cref="DecantException">The file is damaged, or asks for what is not done here: it is named.</exception>
    public static StoredImages? Of(string folder, int height, int width)
    {
        var file = Path.Combine(folder, PreprocessorConfig.FileName);
        if (!File.Exists(file))
            return null;
        JsonObject json;
        try
        {
            json = JsonContent.Node(file) as JsonObject ?? throw new JsonException("it is no object");
        }
        catch (JsonException error)
        {
            throw new DecantException($"{file}: expected settings of images as JSON, came what cannot be read: {error.Message}", inner: error);
        }

        if (Flag("do_center_crop", false))
            throw Refused("do_center_crop", "images are resized to a square here, and never cropped");
        if (!Flag("do_rescale", true) || (json["rescale_factor"] is { } factor && Math.Abs(Number(factor, "rescale_factor") - Factor) > 1e-9))
            throw Refused(json["do_rescale"] is null ? "rescale_factor" : "do_rescale", "bytes are divided by 255 here");
        var normalizes = Flag("do_normalize", true);
        var resizes = Flag("do_resize", false);
        var input = new ImageInput
        {
            Size = resizes ? Side() : null,
            Mean = normalizes ? Numbers("image_mean") : null,
            Std = normalizes ? Numbers("image_std") is { } std && std.All(s => s > 0) ? std : json["image_std"] is null ? null : throw Wrong("image_std", "numbers above 0") : null,
        };
        return new StoredImages(input, resizes);

        int? Side()
        {
            var sides = json["size"] switch
            {
                JsonObject size => new[] { size["height"], size["width"] }.Select(s => Number(s, "size")).ToArray(),
                JsonValue side => [Number(side, "size"), Number(side, "size")],
                _ => throw Wrong("size", "height and width"),
            };
            if (sides[0] == height && sides[1] == width)
                return null;
            if (json["resample"] is { } resample && Number(resample, "resample") != Bilinear)
                throw Refused("resample", "images are resized bilinearly here (2)");
            return sides[0] == sides[1] && sides[0] is >= 1 and <= 4096 && sides[0] == Math.Floor(sides[0]) ? (int)sides[0] : throw Refused("size", "images are resized to squares of 1 to 4096 pixels here");
        }

        bool Flag(string key, bool absent) => json[key] is not { } node ? absent : node is JsonValue value && value.TryGetValue<bool>(out var isSet) ? isSet : throw Wrong(key, "true or false");

        IReadOnlyList<double>? Numbers(string key) => json[key] switch { null => null, JsonArray several => [.. several.Select(n => Number(n, key))], _ => throw Wrong(key, "a list of numbers, one for each channel") };

        double Number(JsonNode? node, string key) => node is JsonValue value && value.TryGetValue<double>(out var number) && double.IsFinite(number) ? number : throw Wrong(key, "numbers");

        DecantException Wrong(string key, string expected) => new($"{file}: {key}: expected {expected}, came {json[key]?.ToJsonString() ?? "nothing"}.");

        DecantException Refused(string key, string reason) => new($"{file}: {key}: {json[key]?.ToJsonString()} is not done: {reason}. Say 'images' of this teacher in the recipe, and take the file out of the folder.");
    }
}
