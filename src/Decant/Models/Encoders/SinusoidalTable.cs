using Decant.Modules;
using Decant.Torch;

namespace Decant.Models.Encoders;

/// <summary>
/// Positions as sines and cosines (Vaswani 2017, section 3.5): sin(t ÷ 10000^(2i/H)) at 2i and its cosine at 2i + 1. Saved, but not trained.
/// </summary>
internal sealed class SinusoidalTable : Module
{
    public SinusoidalTable(int positions, int width)
    {
        Weight = RegisterBuffer("weight", ShapesOnly.IsOpen ? Tensor.Empty([positions, width]) : Tensor.From(Values(positions, width), positions, width));
    }

    /// <summary>[T, H].</summary>
    public Tensor Weight { get; }

    private static float[] Values(int positions, int width)
    {
        var values = new float[(long)positions * width];
        for (var position = 0; position < positions; position++)
        {
            for (var element = 0; element < width; element++)
            {
                var angle = position / Math.Pow(10_000, 2.0 * (element / 2) / width);
                values[((long)position * width) + element] = (float)(element % 2 == 0 ? Math.Sin(angle) : Math.Cos(angle));
            }
        }

        return values;
    }
}
