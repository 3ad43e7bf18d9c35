namespace Decant.Compression.Quantization.Calibrating;

/// <summary>How the range of an activation follows from the values that samples gave.</summary>
public enum CalibrationMethod
{
    /// <summary>From the smallest to the largest value.</summary>
    MinMax,

    /// <summary>The smallest interval but for a percentage at the ends: outliers are cut.</summary>
    Percentile,

    /// <summary>The cut whose 8-bit distribution has the least Kullback–Leibler divergence from that of the values.</summary>
    Entropy,
}
