using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace Decant.Objectives.Temperatures;

/// <summary>A temperature that is the same for all samples of an update.</summary>
public abstract record TemperatureSchedule : Temperature
{
    private protected TemperatureSchedule()
    {
    }

    /// <summary>Whether it stays over the training.</summary>
    internal virtual bool IsConstant => false;

    /// <summary>The temperature at a point of the training, from 0 at the first update to 1 at the last.</summary>
    internal abstract double At(double progress);
}

/// <summary>A temperature that stays.</summary>
public sealed record ConstantTemperature : TemperatureSchedule
{
    /// <summary>τ.</summary>
    [Range(Lowest, Highest)]
    [Description("the temperature")]
    public required double Value { get; init; }

    internal override bool IsConstant => true;

    internal override double At(double progress) => Value;
}

/// <summary>A temperature that changes over the training in a line.</summary>
public sealed record LinearTemperature : TemperatureSchedule
{
    /// <summary>τ at the first update.</summary>
    [Range(Lowest, Highest)]
    [Description("temperature at the first optimizer step")]
    public required double From { get; init; }

    /// <summary>τ at the last update.</summary>
    [Range(Lowest, Highest)]
    [Description("temperature at the last optimizer step")]
    public required double To { get; init; }

    internal override double At(double progress) => ScalarSchedule.Line(From, To, progress);
}

/// <summary>A temperature that changes over the training along half a cosine.</summary>
public sealed record CosineTemperature : TemperatureSchedule
{
    /// <summary>τ at the first update.</summary>
    [Range(Lowest, Highest)]
    [Description("temperature at the first optimizer step")]
    public required double From { get; init; }

    /// <summary>τ at the last update.</summary>
    [Range(Lowest, Highest)]
    [Description("temperature at the last optimizer step")]
    public required double To { get; init; }

    internal override double At(double progress) => ScalarSchedule.HalfCosine(From, To, progress);
}
