using Decant.Data.Batching;
using Decant.Modules;

namespace Decant.Signals;

/// <summary>How a batch is passed to a model.</summary>
public static class ModelAnswers
{
    /// <summary>The batch as a model's input; the tensors stay the batch's.</summary>
    /// <param name="batch">The batch.</param>
    /// <param name="state">The state of a recurrent model after the batches before, reset here where this one begins anew; null: none.</param>
    public static ModelInput ToInput(this Batch batch, RecurrentState? state = null)
    {
        ArgumentNullException.ThrowIfNull(batch);
        if (!batch.Continues)
            state?.Reset();
        return new ModelInput(batch.Values, batch.AttentionMask, batch.TokenTypes, batch.Positions, batch.Segments, state) { Task = batch.Task, Lengths = batch.AttentionMask is null ? null : batch.Counts.Lengths };
    }
}
