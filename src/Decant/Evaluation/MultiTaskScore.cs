namespace Decant.Evaluation;

/// <summary>One score of the metrics of several tasks, by which a joint student's best weights are chosen.</summary>
/// <remarks>
/// Where every task's metric is one of which more is better and 1 the best (accuracy, F1, correlations), it is their mean, as on GLUE. Where one is a loss there is no unit
/// to add them in: then it is the geometric mean of what each task lacks, 1 − metric, or the loss itself. By it, halving any task's error counts the same in any
/// unit, so the choice does not change when a target is counted in cents instead of euros.
/// </remarks>
/// <param name="metrics">Each task's.</param>
internal sealed class MultiTaskScore(IReadOnlyList<Metric> metrics)
{
    private const double LeastLoss = 1e-12;

    /// <summary>Its name among the scores.</summary>
    public string Name => LowerIsBetter ? "geometric-mean-error" : "mean";

    /// <summary>Whether less of it is better.</summary>
    public bool LowerIsBetter => metrics.Any(m => !m.HigherIsBetter);

    /// <summary>The score.</summary>
    /// <param name="values">Each task's metric.</param>
    /// <param name="samples">How many samples each was measured on: an error of none counts as half a sample's.</param>
    /// <returns>NaN where one of the values is.</returns>
    public double Of(IReadOnlyList<double> values, IReadOnlyList<int> samples) => LowerIsBetter
        ? Math.Exp(values.Select((value, i) => Math.Log(Error(metrics[i], value, samples[i]))).Average())
        : values.Average();

    private static double Error(Metric metric, double value, int samples)
    {
        if (metric.HigherIsBetter)
            return Math.Max(1 - value, 0.5 / samples);
        // A perplexity is at least 1; its logarithm is the loss.
        return Math.Max(metric.Unit == MetricUnit.Choices ? Math.Log(value) : value, LeastLoss);
    }
}
