using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace Decant.Training;

/// <summary>Which weights a teacher has while its student learns.</summary>
internal enum FollowKind
{
    /// <summary>Its own, which stay.</summary>
    Frozen,

    /// <summary>The student's after the last update.</summary>
    Live,

    /// <summary>An exponential moving average of the student's.</summary>
    Average,
}

/// <summary>How a teacher follows its student.</summary>
/// <remarks>The average is that of Tarvainen and Valpola 2017, arXiv:1703.01780: θ′ ← m·θ′ + (1 − m)·θ behind every update, from θ′ = θ at the beginning of the training or stage.</remarks>
internal sealed record FollowOptions
{
    /// <summary>Which weights the teacher has; default: its own.</summary>
    [Description("the teacher's weights: frozen, live (the student's after the last update), or average (a moving average of the student's)")]
    public FollowKind Kind { get; init; } = FollowKind.Frozen;

    /// <summary>m, how much of the average stays in an update; null: 0.999. For an average alone.</summary>
    [Description("share of the moving average that stays in an update; default: 0.999")]
    [Range(0.0, 1.0)]
    public double? Momentum { get; init; }

    /// <summary>Whether the weights change while the student learns.</summary>
    internal bool Follows => Kind != FollowKind.Frozen;

    /// <summary>m of an average; of live weights 0.</summary>
    internal double Share => Kind == FollowKind.Average ? Momentum ?? 0.999 : 0;
}
