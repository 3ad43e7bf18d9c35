namespace Decant.Compression.Quantization.Calibrating;

/// <summary>Entropy calibration: the cut of absolute values after which a distribution of 128 levels says most about that of the values.</summary>
/// <remarks>
/// For every candidate limit, P is the distribution of the values with those beyond the limit put at it, and Q what remains of the values within after each of 128 levels spread its count evenly over its bins
/// that are not empty. The limit with the smallest KL(P ‖ Q) is chosen. (Migacz, "8-bit inference with TensorRT", 2017; with two-sided histograms folded to absolute values.)
/// </remarks>
internal static class LeastDivergence
{
    private const int Levels = 128;

    // The share of a count that a bin of Q has where P has something and Q nothing; so that the divergence stays finite.
    private const double Smoothing = 1e-4;

    /// <summary>The limit of absolute values.</summary>
    public static double CutOf(ActivationHistogram histogram)
    {
        const int half = ActivationHistogram.Bins / 2;
        var counts = new double[half];
        for (var i = 0; i < half; i++)
            counts[i] = histogram.Counts[half + i] + histogram.Counts[half - 1 - i];
        var width = histogram.Limit / half;
        var (best, least) = (half, double.PositiveInfinity);
        var beyond = 0.0;
        for (var bins = half; bins >= Levels; bins--)
        {
            if (bins < half)
                beyond += counts[bins];
            if ((half - bins) % 8 == 0 && Divergence(counts.AsSpan(0, bins), beyond) is var divergence && divergence < least)
                (best, least) = (bins, divergence);
        }

        return best * width;
    }

    private static double Divergence(ReadOnlySpan<double> counts, double beyond)
    {
        var spread = new double[counts.Length];
        for (var level = 0; level < Levels; level++)
        {
            var (start, end) = (level * counts.Length / Levels, (level + 1) * counts.Length / Levels);
            var (sum, filled) = (0.0, 0);
            for (var i = start; i < end; i++)
            {
                sum += counts[i];
                filled += counts[i] > 0 ? 1 : 0;
            }

            for (var i = start; i < end; i++)
                spread[i] = counts[i] > 0 ? sum / filled : 0;
        }

        var (all, kept) = (Sum(counts) + beyond, Sum(spread));
        if (kept == 0)
            return double.PositiveInfinity;
        var divergence = 0.0;
        for (var i = 0; i < counts.Length; i++)
        {
            var p = (counts[i] + (i == counts.Length - 1 ? beyond : 0)) / all;
            if (p > 0)
                divergence += p * Math.Log(p / Math.Max(spread[i] / kept, Smoothing / all));
        }

        return divergence;
    }

    private static double Sum(ReadOnlySpan<double> values)
    {
        var sum = 0.0;
        foreach (var value in values)
            sum += value;
        return sum;
    }
}
