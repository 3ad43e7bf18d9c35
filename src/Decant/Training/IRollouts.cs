using Decant.Data.Batching;
using Decant.Signals;
using Decant.Torch;

namespace Decant.Training;

/// <summary>Texts that models write while the student learns, in the place of batches of the data.</summary>
internal interface IRollouts
{
    /// <summary>What a batch is replaced by; itself where it is learned from as it is. One that is replaced is released.</summary>
    /// <param name="data">A batch of the data, whose prompts are continued.</param>
    /// <param name="at">Where in the training: what is written depends on this, the student's weights and the state alone.</param>
    /// <param name="cancellationToken">Stops between tokens.</param>
    /// <remarks>The student's modules may be in evaluation mode afterwards.</remarks>
    TaughtBatch Replace(TaughtBatch data, RolloutPoint at, CancellationToken cancellationToken);

    /// <summary>Notes what the teacher said of a batch.</summary>
    void Learned(Batch batch, TeacherSignal? answer);

    /// <summary>What was written in this update, by name, such as <c>rollouts/length</c>; empty where nothing was.</summary>
    IReadOnlyDictionary<string, double> Figures { get; }

    /// <summary>All that later texts depend on beside weights and place, by name: copies, which are the caller's to dispose.</summary>
    IReadOnlyDictionary<string, Tensor> State { get; }

    /// <summary>Restores a saved state; to be copied.</summary>
    void Restore(IReadOnlyDictionary<string, Tensor> state);
}

/// <summary>A place in a training.</summary>
/// <param name="Step">The updates made.</param>
/// <param name="Batch">Which batch of the update, from 0.</param>
/// <param name="Progress">From 0 at the first update to 1 at the last.</param>
internal readonly record struct RolloutPoint(long Step, int Batch, double Progress);
