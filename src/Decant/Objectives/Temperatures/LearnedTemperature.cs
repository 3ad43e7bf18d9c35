using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace Decant.Objectives.Temperatures;

/// <summary>A temperature that is learned adversarially: its gradient is reversed, so that it increases the loss, within bounds, and the student follows.</summary>
/// <remarks>Li et al. 2023 (CTKD), arXiv:2211.16231, §3.2–3.3, the global temperature.</remarks>
public sealed record LearnedTemperature : Temperature, IValidatableObject
{
    /// <summary>The lower bound; default: 1.</summary>
    [Range(Lowest, Highest)]
    [Description("lower bound")]
    public double Min { get; init; } = 1;

    /// <summary>The upper bound; default: 20.</summary>
    [Range(Lowest, Highest)]
    [Description("upper bound")]
    public double Max { get; init; } = 20;

    /// <summary>The initial value; default: 4.</summary>
    [Range(Lowest, Highest)]
    [Description("initial value")]
    public double Start { get; init; } = 4;

    /// <summary>The factor of its reversed gradient after the warm-up; default: 1.</summary>
    [Range(0.0, 1000.0)]
    [Description("factor of the temperature's reversed gradient after the warm-up")]
    public double GradientScale { get; init; } = 1;

    /// <summary>The fraction of the training over which <see cref="GradientScale"/> rises from 0, along half a cosine; default: 0.1.</summary>
    [Range(0.0, 1.0)]
    [Description("fraction of the training over which gradient-scale rises from 0")]
    public double WarmUp { get; init; } = 0.1;

    /// <summary>It begins between its bounds.</summary>
    /// <param name="validationContext">Of this.</param>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (!(Min < Start && Start < Max))
            yield return new($"a learned temperature begins between its bounds; came min {Min}, start {Start}, max {Max}", [nameof(Start)]);
    }

    /// <summary>The factor of its gradient at a point of the training.</summary>
    internal double StrengthAt(double progress) => progress >= WarmUp ? GradientScale : ScalarSchedule.HalfCosine(0, GradientScale, progress / WarmUp);
}
