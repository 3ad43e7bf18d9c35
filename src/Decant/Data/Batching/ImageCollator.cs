using System.Buffers;
using Decant.Torch;

namespace Decant.Data.Batching;

/// <summary>Images as float32: (byte / 255 − mean) / std per channel, after shift, crop and flip. What comes in at the border is a byte of 0.</summary>
/// <remarks>They are resized last, batch by batch, so that no resized image is kept. The weights of a pixel's neighbours sum to 1, so that it does not matter that they were normalized before.</remarks>
internal sealed class ImageCollator : ICollator
{
    private const int Levels = 256;
    private readonly IReadOnlyList<double>? _mean;
    private readonly IReadOnlyList<double>? _std;
    private readonly AugmentOptions _augment;
    private readonly int? _size;
    private float[]? _levels; // [C, 256]: what each byte becomes

    /// <summary>A collator.</summary>
    /// <param name="mean">Per channel, subtracted after scaling to 0…1; null: nothing.</param>
    /// <param name="std">Per channel, divided by after that; above 0; null: nothing.</param>
    /// <param name="augment">How images are varied; null: not.</param>
    /// <param name="size">The side in pixels of the squares that images are resized to, 1 or more; null: they stay as they are.</param>
    /// <exception cref="DecantException">The augmentation is one for texts, or a deviation or the size is not above 0.</exception>
    public ImageCollator(IReadOnlyList<double>? mean = null, IReadOnlyList<double>? std = null, AugmentOptions? augment = null, int? size = null)
    {
        if (size < 1) throw new DecantException($"input: 'size' must be a number of pixels from 1 on, came {size}.");
        if (augment is { TokenDropout: > 0 }) throw new DecantException("augment: 'token-dropout' is for texts, and the input is images; take it out.");
        if (std is not null && std.Any(value => !(value > 0))) throw new DecantException($"input: every 'std' must be above 0, came {string.Join(", ", std)}.");
        _mean = mean;
        _std = std;
        _augment = augment ?? AugmentOptions.None;
        _size = size;
    }

    /// <inheritdoc/>
    public bool HasLengths => false;

    /// <inheritdoc/>
    public Batch Collate(IReadOnlyList<Sample> samples, ulong seed, int epoch)
    {
        ArgumentNullException.ThrowIfNull(samples);
        var first = CollatorParts.Content<ImageContent>(samples[0], "an image");
        _levels ??= MakeLevels(first.Channels);
        var imageSize = first.Channels * first.Height * first.Width;
        var values = ArrayPool<float>.Shared.Rent(samples.Count * imageSize);
        try
        {
            for (var i = 0; i < samples.Count; i++)
            {
                var image = CollatorParts.Content<ImageContent>(samples[i], "an image");
                RequireSameSize(first, image, samples[i]);
                Write(image, values.AsSpan(i * imageSize, imageSize), Move(samples[i], seed, epoch));
            }

            return CollatorParts.ToBatch(samples, Resized(Tensor.From<float>(values.AsSpan(0, samples.Count * imageSize), samples.Count, first.Channels, first.Height, first.Width)));
        }
        finally
        {
            ArrayPool<float>.Shared.Return(values);
        }
    }

    private Tensor Resized(Tensor images)
    {
        if (_size is not { } size || (images.Size(2) == size && images.Size(3) == size)) return images;
        using var scope = TensorScope.Open();
        using var noGrad = Autograd.NoGrad();
        var resized = scope.Keep(Functional.ResizeBilinear(images, size, size)); // [B, C, size, size]
        images.Dispose();
        return resized;
    }

    /// <summary>Where the pixel that comes to (0, 0) was, and whether the image is mirrored afterwards.</summary>
    private (int Down, int Right, bool Flip) Move(Sample sample, ulong seed, int epoch)
    {
        if (!_augment.ChangesImages) return default;
        var chance = CollatorParts.ChanceOf(sample, seed, epoch);
        // Padding by p and cutting a window of the image's size out is a move by up to p.
        var down = chance.NextBetween(-_augment.Shift, _augment.Shift) + chance.NextBetween(-_augment.CropPadding, _augment.CropPadding);
        var right = chance.NextBetween(-_augment.Shift, _augment.Shift) + chance.NextBetween(-_augment.CropPadding, _augment.CropPadding);
        return (down, right, _augment.Flip && chance.Next(2) == 1);
    }

    private void Write(ImageContent image, Span<float> values, (int Down, int Right, bool Flip) move)
    {
        var pixels = image.Pixels.Span;
        var (height, width) = (image.Height, image.Width);
        for (var channel = 0; channel < image.Channels; channel++)
        {
            var levels = _levels.AsSpan(channel * Levels, Levels);
            var plane = channel * height * width;
            if (move == default)
            {
                Look(pixels.Slice(plane, height * width), values.Slice(plane, height * width), levels);
                continue;
            }

            for (var y = 0; y < height; y++)
                WriteRow(y + move.Down, pixels.Slice(plane, height * width), width, values.Slice(plane + (y * width), width), levels, move.Right, move.Flip);
        }
    }

    private static void WriteRow(int sourceRow, ReadOnlySpan<byte> plane, int width, Span<float> row, ReadOnlySpan<float> levels, int right, bool flip)
    {
        row.Fill(levels[0]);
        if (sourceRow < 0 || (sourceRow * width) >= plane.Length) return;
        var from = Math.Clamp(right, 0, width);
        var count = Math.Max(0, Math.Min(width + Math.Min(right, 0), width - from));
        Look(plane.Slice((sourceRow * width) + from, count), row[Math.Min(width, Math.Max(0, -right))..], levels);
        if (flip) row.Reverse();
    }

    private static void Look(ReadOnlySpan<byte> bytes, Span<float> values, ReadOnlySpan<float> levels)
    {
        for (var i = 0; i < bytes.Length; i++) values[i] = levels[bytes[i]];
    }

    private float[] MakeLevels(int channels)
    {
        foreach (var (name, list) in new[] { ("mean", _mean), ("std", _std) })
            if (list is not null && list.Count != channels)
                throw new DecantException($"input: '{name}' has {list.Count} values, and the images have {channels} channel{(channels == 1 ? "" : "s")}; give one for each.");
        var levels = new float[channels * Levels];
        for (var i = 0; i < levels.Length; i++)
        {
            var channel = i / Levels;
            levels[i] = (float)(((i % Levels / 255.0) - (_mean?[channel] ?? 0)) / (_std?[channel] ?? 1));
        }

        return levels;
    }

    private static void RequireSameSize(ImageContent first, ImageContent image, Sample sample)
    {
        if (image.Channels != first.Channels || image.Height != first.Height || image.Width != first.Width)
            throw new DecantException($"Sample {sample.Id}: expected an image of {first.Channels} × {first.Height} × {first.Width}, "
                + $"came {image.Channels} × {image.Height} × {image.Width}; all images must be of one size.");
        if (image.Pixels.Length != image.Channels * image.Height * image.Width)
            throw new DecantException($"Sample {sample.Id}: {image.Pixels.Length:N0} bytes do not fill {image.Channels} × {image.Height} × {image.Width} pixels.");
    }
}
