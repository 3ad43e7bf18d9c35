using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace Decant.Recipes;

/// <summary>A student that is built from the bottom: one layer after the other, each against the teacher's layer at the matching depth, before the rest is learnt.</summary>
public sealed record TowerSection
{
    /// <summary>How often the samples are gone through for each layer; this or <see cref="StepsPerBlock"/>.</summary>
    [Description("how often the samples are gone through for each layer")]
    [Range(1, 1_000_000)]
    public int? EpochsPerBlock { get; init; }

    /// <summary>How many optimizer steps are taken for each layer; this or <see cref="EpochsPerBlock"/>.</summary>
    [Description("how many optimizer steps are taken for each layer, instead of epochs")]
    [Range(1, 1_000_000_000)]
    public int? StepsPerBlock { get; init; }

    /// <summary>Whether the layers below stay as they have become; on unless said.</summary>
    [Description("whether the layers below stay as they have become")]
    public bool Freeze { get; init; } = true;

    /// <summary>
    /// What each layer is compared by: kinds that compare layers; hidden-states unless said. Which layer of the teacher it is compared with is the uniform map's, or
    /// that of their <c>teacher-layers</c>.
    /// </summary>
    [Description("what each layer is compared by; the layers are the tower's to say")]
    [ChoiceOf(Sections.Objective, Default = "hidden-states")]
    public IReadOnlyList<Choice> Objectives { get; init; } = [];
}
