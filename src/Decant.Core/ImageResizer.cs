using System.Numerics;

namespace Decant;

/// <summary>Images of another size, bilinear and antialiased as PIL and torchvision resize them: along rows, then along columns.</summary>
/// <remarks>
/// Where an image shrinks by s, a pixel is the mean of those less than s away from where it comes from, with the weight 1 − distance ÷ s; where it grows, of the two nearest. Nothing is rounded.
/// </remarks>
internal static class ImageResizer
{
    /// <summary>Resizes an image.</summary>
    /// <typeparam name="T">Bytes or numbers.</typeparam>
    /// <param name="pixels">Channel after channel, row after row.</param>
    /// <param name="channels">How many channels there are.</param>
    /// <param name="from">Its height and width.</param>
    /// <param name="to">Those that are wanted.</param>
    public static float[] Resize<T>(ReadOnlySpan<T> pixels, int channels, (int Height, int Width) from, (int Height, int Width) to)
        where T : unmanaged, INumberBase<T>
    {
        var (columns, rows) = (Weights(from.Width, to.Width), Weights(from.Height, to.Height));
        var narrow = new float[channels * from.Height * to.Width];
        for (var row = 0; row < channels * from.Height; row++)
        {
            for (var x = 0; x < to.Width; x++)
                narrow[(row * to.Width) + x] = Sum(pixels, columns[x], row * from.Width, 1);
        }

        var resized = new float[channels * to.Height * to.Width];
        for (var y = 0; y < channels * to.Height; y++)
        {
            var plane = y / to.Height * from.Height * to.Width;
            for (var x = 0; x < to.Width; x++)
                resized[(y * to.Width) + x] = Sum<float>(narrow, rows[y % to.Height], plane + x, to.Width);
        }

        return resized;
    }

    private static float Sum<T>(ReadOnlySpan<T> pixels, (int First, float[] Weights) window, int start, int step)
        where T : unmanaged, INumberBase<T>
    {
        var sum = 0f;
        for (var i = 0; i < window.Weights.Length; i++)
            sum += float.CreateTruncating(pixels[start + ((window.First + i) * step)]) * window.Weights[i];
        return sum;
    }

    // Where each new pixel comes from, along one direction.
    private static (int First, float[] Weights)[] Weights(int from, int to)
    {
        var scale = (double)from / to;
        var reach = Math.Max(scale, 1);
        var windows = new (int, float[])[to];
        for (var i = 0; i < to; i++)
        {
            var centre = scale * (i + 0.5);
            var (first, end) = (Math.Max((int)(centre - reach + 0.5), 0), Math.Min((int)(centre + reach + 0.5), from));
            var weights = new double[end - first];
            for (var j = 0; j < weights.Length; j++)
                weights[j] = Math.Max(0, 1 - Math.Abs((first + j + 0.5 - centre) / reach));
            var sum = weights.Sum();
            windows[i] = (first, Array.ConvertAll(weights, w => (float)(w / sum)));
        }

        return windows;
    }
}
