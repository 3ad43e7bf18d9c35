using Decant.Data;
using Decant.Data.Batching;
using Decant.Objectives;
using Decant.Runs.Preparing;
using Decant.Signals;

namespace Decant.Runs.Planning;

/// <summary>An arm that learns several tasks at once: a student with a trunk in common, or its control.</summary>
internal sealed record MultiTaskArm : TrainedArm
{
    public required IReadOnlyList<MultiTaskMember> Tasks { get; init; }

    /// <summary>How the tasks' batches alternate.</summary>
    public required TaskOrder Order { get; init; }

    /// <summary>How many batches of each task the whole training has.</summary>
    public IReadOnlyList<long> BatchesPerTask()
    {
        // Every epoch ends with what is left of its batches, however few make the last update.
        var stepsPerEpoch = ((long)Budget.BatchesPerEpoch + Fit.Accumulate - 1) / Fit.Accumulate;
        var (epochs, steps) = Math.DivRem(Budget.Steps, stepsPerEpoch);
        return Order.Before(checked((int)epochs), checked((int)(steps * Fit.Accumulate)));
    }
}

/// <summary>What a joint arm learns of one task.</summary>
/// <param name="Task">The task.</param>
/// <param name="Samples">From which samples.</param>
/// <param name="BatchesPerEpoch">How many batches make one pass through the transfer set.</param>
/// <param name="Teacher">The teacher; null: none.</param>
/// <param name="Objectives">What is minimised, before the task's weight.</param>
/// <param name="Convex">Whether the weights sum to 1.</param>
internal sealed record MultiTaskMember(PreparedTask Task, Dataset Samples, int BatchesPerEpoch, ITeacher? Teacher, IReadOnlyList<ObjectiveOptions> Objectives, bool Convex)
{
    public string Name => Task.Name!;
}
