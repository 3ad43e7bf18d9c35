using System.Text.Json.Nodes;

namespace Decant.Inference.Folders;

/// <summary>What becomes of an image before the model reads it, as <c>preprocessor_config.json</c> says.</summary>
/// <param name="File">The file.</param>
/// <param name="Scale">What 1, or a byte of 255, becomes before normalization.</param>
/// <param name="Mean">What is subtracted of each channel; one number: of all; empty: nothing.</param>
/// <param name="Std">What each channel is divided by; one number: all; empty: nothing.</param>
/// <param name="Size">The pixels that images of other sizes are resized to; null: they stay as they are.</param>
internal sealed record ImageSettings(string File, double Scale, IReadOnlyList<double> Mean, IReadOnlyList<double> Std, (int Height, int Width)? Size)
{
    /// <summary>The name of the file.</summary>
    public const string Name = "preprocessor_config.json";

    private const double Levels = 255;
    private const int Bilinear = 2; // PIL's number of it
    private const int MostPixels = 1 << 16;

    /// <summary>Reads the file of a folder; null: it is not there.</summary>
    /// <exception cref="DecantException">It is damaged, or its numbers are out of their range.</exception>
    public static ImageSettings? Read(string folder)
    {
        var file = Path.Combine(folder, Name);
        if (SettingsFile.Read(file) is not { } json)
            return null;
        var scale = !Flag("do_rescale") ? Levels : json["rescale_factor"] is { } factor ? Number(factor, "rescale_factor") * Levels : 1;
        IReadOnlyList<double> mean = [], std = [];
        if (Flag("do_normalize"))
            (mean, std) = (Numbers("image_mean"), Numbers("image_std"));
        if (json["do_center_crop"] is not null && Flag("do_center_crop"))
            throw new DecantException($"{file}: do_center_crop: expected false, for images are resized and never cropped here, came true.");
        return std.All(s => s > 0) ? new(file, scale, mean, std, json["do_resize"] is not null && Flag("do_resize") ? Size() : null) : throw new DecantException($"{file}: image_std: expected numbers above 0, came {SettingsFile.Shown(json["image_std"])}.");

        bool Flag(string key) => json[key] is null || (json[key] is JsonValue value && value.TryGetValue<bool>(out var isSet) ? isSet : throw Wrong(key, "true or false"));

        IReadOnlyList<double> Numbers(string key) => json[key] is { } node ? [.. (node is JsonArray several ? several.ToArray() : [node]).Select(n => Number(n, key))] : [];

        double Number(JsonNode? node, string key) => node is JsonValue value && value.TryGetValue<double>(out var number) && double.IsFinite(number) ? number : throw Wrong(key, "numbers");

        (int, int)? Size()
        {
            if (json["resample"] is { } resample && Number(resample, "resample") != Bilinear)
                throw Wrong("resample", "2, bilinear, which is how images are resized here");
            return json["size"] switch
            {
                JsonObject size when size["height"] is { } height && size["width"] is { } width => (Side(height), Side(width)),
                JsonValue side => (Side(side), Side(side)),
                _ => throw Wrong("size", "height and width in pixels"),
            };
        }

        int Side(JsonNode node) => Number(node, "size") is >= 1 and <= MostPixels and var side && side == Math.Floor(side) ? (int)side : throw Wrong("size", "whole numbers of pixels from 1 on");

        DecantException Wrong(string key, string expected) => new($"{file}: {key}: expected {expected}, came {SettingsFile.Shown(json[key])}.");
    }

    /// <summary>The same for every channel of a model.</summary>
    /// <exception cref="DecantException">There are more or fewer of them.</exception>
    public (double Mean, double Std)[] Channels(long count)
    {
        var channels = new (double, double)[count];
        for (var c = 0; c < channels.Length; c++)
            channels[c] = (Of(Mean, "image_mean", c, 0), Of(Std, "image_std", c, 1));
        return channels;

        double Of(IReadOnlyList<double> numbers, string key, int channel, double absent) => numbers.Count switch
        {
            0 => absent,
            1 => numbers[0],
            var own when own == count => numbers[channel],
            var own => throw new DecantException($"{File}: {key} has {own} numbers, and the images have {count} channels: it is another model's file."),
        };
    }
}
