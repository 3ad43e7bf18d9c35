namespace Decant.Evaluation;

/// <summary>What must hold before anything is measured.</summary>
internal static class PredictionChecks
{
    public static void Check(float[] logits, int classes, int[] labels, ulong[] sampleIds)
    {
        if (classes < 1)
            throw new DecantException($"Predictions need at least one class; {classes} came.");
        if (labels.Length == 0)
            throw new DecantException("The split to evaluate has no labelled samples. Give it labels, or name another split.");
        if (logits.LongLength != (long)labels.Length * classes)
            throw new DecantException($"Expected {labels.Length} × {classes} logits, {logits.LongLength} came.");
        if (sampleIds.Length != labels.Length)
            throw new DecantException($"Expected a sample id for each of {labels.Length} samples, {sampleIds.Length} came.");
        CheckLabels(labels, classes);
        CheckFinite(logits, classes, sampleIds);
    }

    /// <summary>Refuses to pair answers that are not about the same samples in the same order.</summary>
    public static void CheckPaired(Predictions a, Predictions b)
    {
        if (a.Count != b.Count)
            throw new DecantException($"The two models were evaluated on different samples: {a.Count} against {b.Count}. Evaluate both on the same split.");
        for (var i = 0; i < a.Count; i++)
            if (a.SampleIds[i] != b.SampleIds[i] || a.Labels[i] != b.Labels[i])
                throw new DecantException(
                    $"The two models were evaluated on different samples: number {i} is {a.SampleIds[i]:x16} (label {a.Labels[i]}) " +
                    $"against {b.SampleIds[i]:x16} (label {b.Labels[i]}). Evaluate both on the same split in the same order.");
    }

    private static void CheckLabels(int[] labels, int classes)
    {
        for (var i = 0; i < labels.Length; i++)
            if ((uint)labels[i] >= (uint)classes)
                throw new DecantException(
                    $"Sample {i} has label {labels[i]}; the model knows classes 0 to {classes - 1}. A label that the training split lacks cannot be evaluated.");
    }

    private static void CheckFinite(float[] logits, int classes, ulong[] sampleIds)
    {
        for (var i = 0; i < logits.Length; i++)
            if (!float.IsFinite(logits[i]))
                throw new DecantException(
                    $"The model answered {logits[i]} for class {i % classes} of sample {i / classes} (id {sampleIds[i / classes]:x16}); " +
                    "its weights are not usable. Train it again with a smaller learning rate.",
                    ExitCodes.Diverged);
    }
}
