using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Decant.Compression.Quantization.Calibrating;

namespace Decant.Compression.Quantization;

/// <summary>Weights as int8 and activations as uint8, whose scales are found once from samples: the fastest form, and the same answer in every batch.</summary>
public sealed record StaticInt8 : Int8Options
{
    /// <summary>How the range of an activation follows from what the samples gave; default: min-max.</summary>
    [Description("how the range of an activation is chosen: `min-max`, `percentile` or `entropy`")]
    public CalibrationMethod Calibration { get; init; } = CalibrationMethod.MinMax;

    /// <summary>The percentage of values that <see cref="CalibrationMethod.Percentile"/> keeps, half of the rest is cut at each end; default: 99.99.</summary>
    [Description("percentage of values within the range, for `percentile`")]
    [Range(50.0, 100.0)]
    public double Percentile { get; init; } = 99.99;

    /// <summary>Whether 0 is in the middle of an activation's range; default: false.</summary>
    [Description("whether the ranges of activations are symmetric around 0")]
    public bool SymmetricActivations { get; init; }

    /// <summary>Where the ranges of activations come from while a student learns for this form; default: observed. A finished model's are always found from samples.</summary>
    [Description("for students that learn for this form: ranges `observed` on samples as they learn, or `learned` with the weights")]
    public RangeSource Ranges { get; init; } = RangeSource.Observed;

    /// <inheritdoc/>
    internal override string FileSuffix => "quantized";
}
