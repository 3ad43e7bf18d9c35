using System.ComponentModel;

namespace Decant.Objectives.Features;

/// <summary>What objectives on maps of attention have in a recipe.</summary>
public abstract record AttentionMapOptions : LayerMapOptions
{
    /// <summary>Which heads are compared; auto.</summary>
    [Description("how attention heads are matched")]
    public HeadMapping Heads { get; init; } = HeadMapping.Auto;
}

/// <summary>Which heads of attention are compared.</summary>
public enum HeadMapping
{
    /// <summary>Each with its counterpart where both models have as many, the averages otherwise.</summary>
    Auto,

    /// <summary>Each with its counterpart; both models have as many.</summary>
    Each,

    /// <summary>The average of all of the student's with that of all of the teacher's.</summary>
    Average,

    /// <summary>Each of the student's with the average of adjacent ones of the teacher's; their number is a multiple.</summary>
    Groups,
}
