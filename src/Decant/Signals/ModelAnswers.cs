using Decant.Data.Batching;
using Decant.Modules;
using Decant.Torch;

namespace Decant.Signals;

/// <summary>How a batch is passed to a model.</summary>
internal static class ModelAnswers
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

    /// <summary>The same for a model that may be elsewhere: tensors that are moved belong to the current scope.</summary>
    /// <param name="batch">The batch.</param>
    /// <param name="device">Where the model is.</param>
    public static ModelInput ToInput(this Batch batch, Device device)
    {
        var input = batch.ToInput();
        return batch.Values.Device.Matches(device) ? input : input with
        {
            Values = input.Values.To(device),
            AttentionMask = input.AttentionMask?.To(device),
            TokenTypes = input.TokenTypes?.To(device),
            Positions = input.Positions?.To(device),
            Segments = input.Segments?.To(device),
        };
    }
}
