namespace Decant.Evaluation;

/// <summary>What one model answered on the samples of one split, of any task; every figure is a pure function of it.</summary>
/// <remarks>
/// A task is known to the rest by its metrics, by the headline metric among them, and by one score per independent sample with that figure as the mean: intervals
/// and verdicts need nothing else. Samples are drawn, not rows: the words of a sentence and the tokens of a text are not independent of each other, nor are the windows of a document.
/// </remarks>
internal abstract class TaskAnswers
{
    /// <summary>The <see cref="Unit"/> of samples that are independent of each other.</summary>
    public const string SampleUnit = "sample";

    /// <summary>N, the number of samples.</summary>
    public abstract int Count { get; }

    /// <summary>The samples' stable ids [N]; comparisons pair by them.</summary>
    public abstract ulong[] SampleIds { get; }

    /// <summary>The headline metric, which comparisons use.</summary>
    public abstract Metric Headline { get; }

    /// <summary>The metrics of the task by name; those that the split cannot give are missing.</summary>
    public abstract IReadOnlyDictionary<string, double> Metrics();

    /// <summary>What has one of the <see cref="Scores"/>: <c>sample</c>; of a language model's running text its <c>document</c> or <c>block</c>, as its windows depend on each other.</summary>
    public virtual string Unit => SampleUnit;

    /// <summary>The perplexity that is printed beside the headline; null where the task has none.</summary>
    internal virtual double? ReportedPerplexity => null;

    /// <summary>
    /// One score per independent unit (<see cref="Unit"/>; [N] where that is a sample), with the <see cref="Headline"/> as their mean. Where the figure is no mean, a score is the
    /// figure plus the unit's empirical influence on it (the infinitesimal jackknife: Efron 1982, chapter 6). Intervals draw these again.
    /// </summary>
    public abstract double[] Scores();

    /// <summary>Everything measured from the answers.</summary>
    /// <param name="teacher">The teacher's answers to the same samples, if there is a teacher.</param>
    public abstract ModelEvaluation Evaluate(TaskAnswers? teacher = null);

    /// <summary>Refuses to pair answers that are not about the same samples in the same order.</summary>
    /// <exception cref="DecantException">Other samples, another order, or another task.</exception>
    public virtual void CheckPaired(TaskAnswers other)
    {
        ArgumentNullException.ThrowIfNull(other);
        if (other.GetType() != GetType() || other.Headline != Headline)
            throw new DecantException($"The two models do different things: one is measured by {Headline.Name}, the other by {other.Headline.Name}. Compare models of one task.");
        if (Count != other.Count)
            throw new DecantException($"The two models were evaluated on different samples: {Count} against {other.Count}. Evaluate both on the same split.");
        for (var i = 0; i < Count; i++)
            if (SampleIds[i] != other.SampleIds[i])
                throw new DecantException(
                    $"The two models were evaluated on different samples: number {i} is {SampleIds[i]:x16} against {other.SampleIds[i]:x16}. " +
                    "Evaluate both on the same split in the same order.");
    }
}
