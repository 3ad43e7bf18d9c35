namespace Decant.Evaluation;

/// <summary>Everything measured from one model's answers.</summary>
internal sealed record ModelEvaluation
{
    /// <summary>N, the number of samples.</summary>
    public required int Samples { get; init; }

    /// <summary>How many words or tokens those samples have; null where a sample is answered as a whole.</summary>
    public long? Rows { get; init; }

    /// <summary>The metrics of the task by name (<see cref="Metric.Of"/>); those that the split cannot give are missing.</summary>
    public required IReadOnlyDictionary<string, double> Metrics { get; init; }

    /// <summary>Precision, recall, F1 and support of each class; empty where the task is no classification.</summary>
    public IReadOnlyList<ClassScores> PerClass { get; init; } = [];

    /// <summary>Labels against answers; null where the task is no classification.</summary>
    public ConfusionMatrix? Confusion { get; init; }

    /// <summary>Calibration error and bins; null where the task is no classification.</summary>
    public Calibration? Calibration { get; init; }

    /// <summary>How well each type of entity is found; empty where the task is no token classification.</summary>
    public IReadOnlyList<EntityScores> PerEntity { get; init; } = [];

    /// <summary>How well each output is met; empty where the task is no regression.</summary>
    public IReadOnlyList<RegressionScores> PerOutput { get; init; } = [];

    /// <summary>Closeness to the teacher; null for the teacher itself or where there is none.</summary>
    public Agreement? Agreement { get; init; }

    /// <summary>What a reader of the figures must know, such as classes that the split lacks.</summary>
    public IReadOnlyList<string> Remarks { get; init; } = [];

    /// <summary>Measures a classifier.</summary>
    /// <param name="predictions">Its answers.</param>
    /// <param name="teacher">The teacher's answers to the same samples, if there is a teacher.</param>
    public static ModelEvaluation Of(Predictions predictions, Predictions? teacher = null)
    {
        ArgumentNullException.ThrowIfNull(predictions);
        var confusion = ConfusionMatrix.Of(predictions);
        var perClass = ClassScores.Of(confusion);
        var metrics = predictions.Metrics();
        return new ModelEvaluation
        {
            Samples = predictions.Count,
            Metrics = metrics,
            PerClass = perClass,
            Confusion = confusion,
            Calibration = Calibration.Of(predictions),
            Agreement = teacher is null ? null : Agreement.Of(predictions, teacher),
            Remarks = [.. AbsentClasses(perClass, metrics.ContainsKey("roc-auc"))],
        };
    }

    private static IEnumerable<string> AbsentClasses(IReadOnlyList<ClassScores> perClass, bool hasAuc)
    {
        var absent = perClass.Where(c => c.Support == 0).Select(c => c.Class).ToArray();
        if (absent.Length > 0)
            yield return $"The split has no sample of {absent.Length} of {perClass.Count} classes ({Listed(absent)}): ROC AUC leaves them out, " +
                "and F1 too unless a sample was taken for them.";
        if (!hasAuc)
            yield return "All samples of the split have the same class: there is no ROC AUC.";
    }

    private static string Listed(int[] classes) => string.Join(", ", classes.Take(10)) + (classes.Length > 10 ? ", …" : "");
}
