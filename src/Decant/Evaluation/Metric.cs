namespace Decant.Evaluation;

/// <summary>A figure that a model is measured by, and that a run may select its best checkpoint by.</summary>
/// <param name="Name">Its name in recipes, records and summaries.</param>
/// <param name="HigherIsBetter">Whether more is better.</param>
/// <param name="Compute">From the answers to the figure; null where the split cannot give it.</param>
public sealed record Metric(string Name, bool HigherIsBetter, Func<Predictions, double?> Compute)
{
    /// <summary>Every metric, in the order of the tables.</summary>
    public static IReadOnlyList<Metric> All { get; } =
    [
        new("accuracy", true, p => Accuracy.Of(p)),
        new("macro-f1", true, p => F1.Macro(ClassScores.Of(ConfusionMatrix.Of(p)))),
        new("weighted-f1", true, p => F1.Weighted(ClassScores.Of(ConfusionMatrix.Of(p)))),
        new("roc-auc", true, p => RocAuc.Of(p).Value),
        new("mcc", true, p => MatthewsCorrelation.Of(ConfusionMatrix.Of(p))),
        new("nll", false, p => NegativeLogLikelihood.Of(p)),
        new("ece", false, p => Calibration.Of(p).ExpectedError),
    ];

    /// <summary>The metric of that name.</summary>
    /// <exception cref="DecantException">There is none; the message lists those there are.</exception>
    public static Metric Find(string name) =>
        All.FirstOrDefault(m => m.Name == name)
        ?? throw new DecantException($"Unknown metric '{name}'. There are: {string.Join(", ", All.Select(m => m.Name))}.");

    /// <summary>Whether <paramref name="candidate"/> is better than <paramref name="best"/>; NaN never is.</summary>
    public bool IsBetter(double candidate, double best) =>
        !double.IsNaN(candidate) && (double.IsNaN(best) || (HigherIsBetter ? candidate > best : candidate < best));
}
