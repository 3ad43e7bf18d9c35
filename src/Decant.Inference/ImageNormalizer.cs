using Decant.Inference.Folders;

namespace Decant.Inference;

/// <summary>Makes of an image the numbers that a model was trained on.</summary>
internal static class ImageNormalizer
{
    private const int Levels = 256;
    private const float Slack = 1e-3f; // of images that were scaled or resized

    /// <summary>Of bytes: (byte / 255 − mean) / std.</summary>
    /// <param name="pixels">Channel after channel.</param>
    /// <param name="settings">What the model's folder says.</param>
    /// <param name="channels">How many channels there are.</param>
    public static float[] Of(ReadOnlySpan<byte> pixels, ImageSettings settings, long channels)
    {
        var plane = Plane(pixels.Length, channels);
        var (levels, values) = (new float[Levels], new float[pixels.Length]);
        foreach (var (c, (mean, std)) in settings.Channels(channels).Index())
        {
            for (var level = 0; level < Levels; level++)
                levels[level] = (float)(((level / 255.0 * settings.Scale) - mean) / std);
            for (var i = c * plane; i < (c + 1) * plane; i++)
                values[i] = levels[pixels[i]];
        }

        return values;
    }

    /// <summary>Of numbers from 0 to 1: (x − mean) / std.</summary>
    /// <param name="pixels">Channel after channel.</param>
    /// <param name="settings">What the model's folder says.</param>
    /// <param name="channels">How many channels there are.</param>
    /// <param name="index">Which of several images it is, for the message.</param>
    /// <exception cref="DecantException">A number is out of that range: it was normalized before, or is a byte.</exception>
    public static float[] Of(ReadOnlySpan<float> pixels, ImageSettings settings, long channels, int index)
    {
        var plane = Plane(pixels.Length, channels);
        var values = new float[pixels.Length];
        foreach (var (c, (mean, std)) in settings.Channels(channels).Index())
        {
            for (var i = c * plane; i < (c + 1) * plane; i++)
            {
                if (!(pixels[i] is >= -Slack and <= 1 + Slack))
                    throw new DecantException($"Image {index + 1}: expected numbers from 0 to 1, which are scaled and normalized here as {settings.File} says, came {pixels[i]}. Give bytes as bytes, and leave the normalization out.");
                values[i] = (float)(((pixels[i] * settings.Scale) - mean) / std);
            }
        }

        return values;
    }

    private static int Plane(int length, long channels) => channels > 0 && length % channels == 0 ? (int)(length / channels) : throw new DecantException($"Expected an image of {channels} channels, came {length} numbers, which are no whole channels.");
}
