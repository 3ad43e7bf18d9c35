namespace Decant.Evaluation;

/// <summary>What one model answered on the labelled samples of one split; every metric of a classification is a pure function of it.</summary>
/// <remarks>The arrays are taken as they are, not copied: do not change them afterwards.</remarks>
internal sealed class Predictions : TaskAnswers
{
    private readonly int[] _answers;

    /// <summary>Checks and holds the answers.</summary>
    /// <param name="logits">Logits [N, C], row by row; all finite.</param>
    /// <param name="classes">C, at least 1.</param>
    /// <param name="labels">The true classes [N], each 0 … C−1.</param>
    /// <param name="sampleIds">The samples' stable ids [N]; comparisons pair by them.</param>
    /// <exception cref="DecantException">Lengths disagree, N = 0, a label is out of range, or a logit is not finite.</exception>
    public Predictions(float[] logits, int classes, int[] labels, ulong[] sampleIds)
    {
        ArgumentNullException.ThrowIfNull(logits);
        ArgumentNullException.ThrowIfNull(labels);
        ArgumentNullException.ThrowIfNull(sampleIds);
        PredictionChecks.Check(logits, classes, labels, sampleIds);
        (Logits, Classes, Labels, SampleIds) = (logits, classes, labels, sampleIds);
        _answers = new int[labels.Length];
        for (var i = 0; i < _answers.Length; i++)
            _answers[i] = ArgMax(Row(i));
    }

    /// <summary>Logits [N, C], row by row.</summary>
    public float[] Logits { get; }

    /// <summary>C, the number of classes.</summary>
    public int Classes { get; }

    /// <summary>The true classes [N].</summary>
    public int[] Labels { get; }

    /// <inheritdoc/>
    public override ulong[] SampleIds { get; }

    /// <inheritdoc/>
    public override int Count => Labels.Length;

    /// <inheritdoc/>
    public override Metric Headline => Metric.Accuracy;

    /// <summary>The class with the largest logit, per sample [N]; the lowest class of those that tie.</summary>
    public IReadOnlyList<int> Answers => _answers;

    /// <summary>The logits of one sample [C].</summary>
    public ReadOnlySpan<float> Row(int sample) => Logits.AsSpan(sample * Classes, Classes);

    /// <summary>Whether the model's answer to one sample is its label.</summary>
    public bool IsCorrect(int sample) => _answers[sample] == Labels[sample];

    /// <summary>1 where the answer is right and 0 where it is wrong [N]: the per-sample score with the accuracy as its mean.</summary>
    public double[] CorrectScores()
    {
        var scores = new double[Count];
        for (var i = 0; i < scores.Length; i++)
            scores[i] = IsCorrect(i) ? 1 : 0;
        return scores;
    }

    /// <inheritdoc/>
    public override double[] Scores() => CorrectScores();

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, double> Metrics() => ClassificationMetrics.Of(this);

    /// <inheritdoc/>
    public override ModelEvaluation Evaluate(TaskAnswers? teacher = null) => ModelEvaluation.Of(this, (Predictions?)teacher);

    /// <inheritdoc/>
    public override void CheckPaired(TaskAnswers other)
    {
        base.CheckPaired(other);
        PredictionChecks.CheckPaired(this, (Predictions)other);
    }

    private static int ArgMax(ReadOnlySpan<float> row)
    {
        var best = 0;
        for (var c = 1; c < row.Length; c++)
            if (row[c] > row[best])
                best = c;
        return best;
    }
}
