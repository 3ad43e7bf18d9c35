using Decant.Compression.Quantization.Calibrating;
using Decant.Compression.Quantization.Numbers;

namespace Decant.Compression.Quantization;

/// <summary>How an activation is rounded, and how many axes it has.</summary>
/// <param name="Affine">Its scale and zero point.</param>
/// <param name="Rank">The number of its axes in the samples.</param>
internal sealed record StaticScale(AffineScale Affine, int Rank)
{
    /// <summary>What follows from the values that samples gave.</summary>
    public static StaticScale Of(ActivationHistogram histogram, StaticInt8 options) => Of([histogram], options);

    /// <summary>One scale for the values of several activations: their ranges together.</summary>
    /// <param name="histograms">Of each; at least one.</param>
    /// <param name="options">How a range is chosen.</param>
    public static StaticScale Of(IReadOnlyList<ActivationHistogram> histograms, StaticInt8 options)
    {
        var ranges = histograms.Select(h => ActivationRange.Of(h, options.Calibration, options.Percentile)).ToArray();
        var (least, most) = (ranges.Min(r => r.Least), ranges.Max(r => r.Most));
        return new StaticScale(
            options.SymmetricActivations ? AffineScale.Symmetric(Math.Max(-least, most), IntegerRange.UInt8) : AffineScale.Asymmetric(least, most, IntegerRange.UInt8),
            histograms.Max(h => h.Rank));
    }
}
