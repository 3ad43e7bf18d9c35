using Decant.Data;
using Decant.Modules;

namespace Decant.Signals;

/// <summary>How a batch is shown to a model.</summary>
public static class ModelAnswers
{
    /// <summary>The batch as a model's input; the tensors stay the batch's.</summary>
    public static ModelInput ToInput(this Batch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        return new ModelInput(batch.Values, batch.AttentionMask, batch.TokenTypes, batch.Positions);
    }
}
