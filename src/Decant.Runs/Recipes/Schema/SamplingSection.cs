using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace Decant.Runs.Recipes.Schema;

/// <summary>How training batches are drawn where classes have very different numbers of samples; an epoch stays as long as it is.</summary>
/// <remarks>The control draws as the student does: what is compared is the teacher's answers, not the sampling.</remarks>
public sealed record SamplingSection
{
    /// <summary>How often each class is drawn. Samples without a label are drawn once an epoch in any case.</summary>
    [Description("class-sampling method")]
    public required SampledClasses Classes { get; init; }

    /// <summary>β of <see cref="SampledClasses.EffectiveNumber"/>: 0 is proportional, near 1 balanced; null: 0.999. For that alone.</summary>
    [Description("for effective-number: from 0 (proportional) to 1 (balanced); default: 0.999")]
    [Range(0.0, 1.0, MaximumIsExclusive = true)]
    public double? Beta { get; init; }
}

/// <summary>How often each class is drawn.</summary>
public enum SampledClasses
{
    /// <summary>As often as it has samples: every sample once.</summary>
    Proportional,

    /// <summary>In proportion to the square root of its samples' number.</summary>
    SquareRoot,

    /// <summary>Every class equally often.</summary>
    Balanced,

    /// <summary>By the effective number of its samples, 1 ÷ E_n for each of them.</summary>
    EffectiveNumber,
}
