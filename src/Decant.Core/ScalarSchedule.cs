using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Globalization;

namespace Decant;

/// <summary>A number of at least 0 that may change over a training; a plain number is one that stays.</summary>
[Form("constant", typeof(ConstantScalar))]
[Form("linear", typeof(LinearScalar))]
[Form("cosine", typeof(CosineScalar))]
public abstract record ScalarSchedule
{
    /// <summary>Whether it stays.</summary>
    public virtual bool IsConstant => false;

    /// <summary>The largest that it becomes.</summary>
    public virtual double Largest => Math.Max(At(0), At(1));

    /// <summary>A number that stays.</summary>
    public static implicit operator ScalarSchedule(double value) => new ConstantScalar { Value = value };

    /// <summary>The number at a point of the training.</summary>
    /// <param name="progress">From 0 at the first update to 1 at the last.</param>
    public abstract double At(double progress);

    /// <summary>From one number to another in a line.</summary>
    internal static double Line(double from, double to, double progress) => from + (to - from) * progress;

    /// <summary>From one number to another along half a cosine: slow at both ends.</summary>
    internal static double HalfCosine(double from, double to, double progress) => to + (from - to) * (1 + Math.Cos(Math.PI * progress)) / 2;

    /// <summary><c>8 → 2</c>.</summary>
    internal static string Words(double from, double to) => string.Create(CultureInfo.InvariantCulture, $"{from:0.###} → {to:0.###}");
}

/// <summary>A number that stays.</summary>
public sealed record ConstantScalar : ScalarSchedule
{
    /// <summary>The number.</summary>
    [Range(0.0, double.MaxValue)]
    [Description("the value")]
    public required double Value { get; init; }

    /// <inheritdoc/>
    public override bool IsConstant => true;

    /// <inheritdoc/>
    public override double At(double progress) => Value;

    /// <inheritdoc/>
    public override string ToString() => Value.ToString("0.###", CultureInfo.InvariantCulture);
}

/// <summary>A number that changes in a line.</summary>
public sealed record LinearScalar : ScalarSchedule
{
    /// <summary>At the first update.</summary>
    [Range(0.0, double.MaxValue)]
    [Description("value at the first optimizer step")]
    public required double From { get; init; }

    /// <summary>At the last update.</summary>
    [Range(0.0, double.MaxValue)]
    [Description("value at the last optimizer step")]
    public required double To { get; init; }

    /// <inheritdoc/>
    public override double At(double progress) => Line(From, To, progress);

    /// <inheritdoc/>
    public override string ToString() => Words(From, To);
}

/// <summary>A number that changes along half a cosine.</summary>
public sealed record CosineScalar : ScalarSchedule
{
    /// <summary>At the first update.</summary>
    [Range(0.0, double.MaxValue)]
    [Description("value at the first optimizer step")]
    public required double From { get; init; }

    /// <summary>At the last update.</summary>
    [Range(0.0, double.MaxValue)]
    [Description("value at the last optimizer step")]
    public required double To { get; init; }

    /// <inheritdoc/>
    public override double At(double progress) => HalfCosine(From, To, progress);

    /// <inheritdoc/>
    public override string ToString() => Words(From, To);
}
