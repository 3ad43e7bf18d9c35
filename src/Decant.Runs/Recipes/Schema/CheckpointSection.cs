using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace Decant.Runs.Recipes.Schema;

/// <summary>When a run writes down all that it needs to go on after it was killed: whichever of the two comes first.</summary>
public sealed record CheckpointSection
{
    /// <summary>Seconds from one checkpoint to the next; default: 300.</summary>
    [Description("seconds between checkpoints")]
    [Range(0.0, 1_000_000.0)]
    public double EverySeconds { get; init; } = 300;

    /// <summary>Optimizer steps from one checkpoint to the next; null: the time alone counts.</summary>
    [Description("optimizer steps between checkpoints; absent: by time only")]
    [Range(1, 1_000_000_000)]
    public int? EverySteps { get; init; }

    /// <summary>How many of the newest are kept; default: 2, so that a damaged one has one before it.</summary>
    [Description("number of newest checkpoints that are kept")]
    [Range(1, 1000)]
    public int Keep { get; init; } = 2;
}
