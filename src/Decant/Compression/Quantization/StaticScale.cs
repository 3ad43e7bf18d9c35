using Decant.Compression.Quantization.Calibrating;
using Decant.Compression.Quantization.Numbers;

namespace Decant.Compression.Quantization;

/// <summary>How an activation is rounded, and how many axes it has.</summary>
/// <param name="Affine">Its scale and zero point.</param>
/// <param name="Rank">The number of its axes in the samples.</param>
internal sealed record StaticScale(AffineScale Affine, int Rank)
{
    /// <summary>What follows from the values that samples gave.</summary>
    public static StaticScale Of(ActivationHistogram histogram, StaticInt8 options)
    {
        var range = ActivationRange.Of(histogram, options.Calibration, options.Percentile);
        return new StaticScale(
            options.SymmetricActivations
                ? AffineScale.Symmetric(Math.Max(-range.Least, range.Most), IntegerRange.UInt8)
                : AffineScale.Asymmetric(range.Least, range.Most, IntegerRange.UInt8),
            histogram.Rank);
    }
}
