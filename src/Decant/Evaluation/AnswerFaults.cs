using Decant.Data.Batching;

namespace Decant.Evaluation;

/// <summary>The messages for a model with answers that cannot be measured.</summary>
internal static class AnswerFaults
{
    public static DecantException NotFinite(double value, ulong sample) => new(
        $"The model answered {value} for sample {sample:x16}; its weights are not usable. Train it again with a smaller learning rate.",
        ExitCodes.Diverged);

    public static DecantException Nothing() => new("The split to evaluate has no labelled samples. Give it labels, or name another split.");

    public static void CheckRows(Batch batch, long rows)
    {
        if (rows != batch.Rows)
            throw new DecantException($"The batch asks about {batch.Rows} rows, and the model answered {rows}. Its task does not fit the data's.");
    }
}
