using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Decant.Objectives;
using Decant.Objectives.Features;

namespace Decant.Runs.Recipes.Schema;

/// <summary>A student that is built from the bottom: one layer after the other, each against the teacher's layer at the matching depth, before the rest is trained.</summary>
internal sealed record BlockwiseSection
{
    /// <summary>How often the samples are gone through for each layer; this or <see cref="StepsPerBlock"/>.</summary>
    [Description("epochs per block")]
    [Range(1, 1_000_000)]
    public int? EpochsPerBlock { get; init; }

    /// <summary>How many optimizer steps are taken for each layer; this or <see cref="EpochsPerBlock"/>.</summary>
    [Description("optimizer steps per block, instead of epochs")]
    [Range(1, 1_000_000_000)]
    public int? StepsPerBlock { get; init; }

    /// <summary>Whether the blocks below are frozen; default: true.</summary>
    [Description("freeze the blocks below the one that is trained")]
    public bool Freeze { get; init; } = true;

    /// <summary>
    /// What each layer is compared by: kinds that compare layers; default: hidden-states. Which layer of the teacher it is compared with is the uniform map's, or
    /// that of their <c>teacher-layers</c>.
    /// </summary>
    [Description("objectives of each block; the layers to compare are set by the block")]
    [ChoiceOf(Sections.Objective)]
    public IReadOnlyList<ObjectiveOptions> Objectives { get; init; } = [new HiddenStates()];
}
