using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace Decant.Training.Checkpoints;

/// <summary>A checkpoint that was read and found whole.</summary>
/// <param name="Path">Its folder.</param>
/// <param name="Snapshot">What <see cref="TrainLoop.Run"/> resumes from; released with this.</param>
/// <param name="Attached">What was attached when it was written.</param>
internal sealed record Checkpoint(string Path, TrainingSnapshot Snapshot, IReadOnlyDictionary<string, string> Attached) : IDisposable
{
    /// <summary>Releases the snapshot.</summary>
    public void Dispose() => Snapshot.Dispose();
}

/// <summary>What <see cref="CheckpointStore.Newest"/> found.</summary>
/// <param name="Found">The newest whole checkpoint, the caller's to dispose; null when there is none.</param>
/// <param name="Refused">The newer ones that could not be used, newest first, each with its path and the reason. Empty when all is well.</param>
internal sealed record CheckpointSearch(Checkpoint? Found, IReadOnlyList<string> Refused);

/// <summary>When checkpoints are written: whichever of the two comes first.</summary>
public sealed record CheckpointOptions
{
    /// <summary>Seconds from one checkpoint to the next; default: 300.</summary>
    [Description("seconds between checkpoints")]
    [Range(0.0, 1_000_000.0)]
    public double EverySeconds { get; init; } = 300;

    /// <summary>Updates from one checkpoint to the next; null: the time alone counts.</summary>
    [Description("optimizer steps between checkpoints; absent: by time only")]
    [Range(1, 1_000_000_000)]
    public int? EverySteps { get; init; }

    /// <summary>How many of the newest are kept; default: 2, so that a damaged one has one before it.</summary>
    [Description("number of newest checkpoints that are kept")]
    [Range(1, 1000)]
    public int Keep { get; init; } = 2;
}
