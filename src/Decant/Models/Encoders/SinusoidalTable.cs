using Decant.Modules;
using Decant.Torch;

namespace Decant.Models;

/// <summary>
/// Positions as sines and cosines (Vaswani 2017, section 3.5): sin(t ÷ 10000^(2i/H)) at 2i and its cosine at 2i + 1. Saved, but not trained.
/// </summary>
internal sealed class SinusoidalTable : Module
{
    public SinusoidalTable(int positions, int width)
    {
        var values = new float[positions * width];
        for (var i = 0; i < values.Length; i++)
        {
            var (position, element) = (i / width, i % width);
            var angle = position / Math.Pow(10_000, 2.0 * (element / 2) / width);
            values[i] = (float)(element % 2 == 0 ? Math.Sin(angle) : Math.Cos(angle));
        }

        Weight = RegisterBuffer("weight", Tensor.From(values, positions, width));
    }

    /// <summary>[T, H].</summary>
    public Tensor Weight { get; }
}
