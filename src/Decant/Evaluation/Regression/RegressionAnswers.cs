namespace Decant.Evaluation.Regression;

/// <summary>The headline correlation of a task.</summary>
internal enum CorrelationKind
{
    /// <summary>Along a line.</summary>
    Pearson,

    /// <summary>Of the ranks.</summary>
    Spearman,
}

/// <summary>Numbers that a model answered, and the wanted ones; several outputs are measured each for itself and then averaged.</summary>
/// <remarks>The arrays are taken as they are, not copied: do not change them afterwards.</remarks>
internal sealed class RegressionAnswers : TaskAnswers
{
    private readonly int[][] _known;

    /// <summary>Checks and holds the answers.</summary>
    /// <param name="values">The answers [N, C], row by row; all finite.</param>
    /// <param name="targets">The wanted numbers [N, C]; not a number where there is none, which leaves the output of that sample out.</param>
    /// <param name="outputs">C, at least 1.</param>
    /// <param name="sampleIds">The samples' stable ids [N].</param>
    /// <param name="headline">The correlation that comparisons use.</param>
    /// <exception cref="DecantException">Lengths disagree, an answer is not finite, or an output has no target at all.</exception>
    public RegressionAnswers(float[] values, float[] targets, int outputs, ulong[] sampleIds, CorrelationKind headline = CorrelationKind.Pearson)
    {
        ArgumentNullException.ThrowIfNull(values);
        ArgumentNullException.ThrowIfNull(targets);
        ArgumentNullException.ThrowIfNull(sampleIds);
        if (outputs < 1 || values.LongLength != (long)outputs * sampleIds.Length || targets.Length != values.Length)
            throw new DecantException($"Expected {sampleIds.Length} × {outputs} answers and as many targets, {values.Length} and {targets.Length} came.");
        for (var i = 0; i < values.Length; i++)
            if (!float.IsFinite(values[i]))
                throw AnswerFaults.NotFinite(values[i], sampleIds[i / outputs]);
        (Values, Targets, Outputs, SampleIds) = (values, targets, outputs, sampleIds);
        Headline = headline == CorrelationKind.Spearman ? Metric.Spearman : Metric.Pearson;
        _known = [.. Enumerable.Range(0, outputs).Select(c => Enumerable.Range(0, Count).Where(i => float.IsFinite(targets[i * outputs + c])).ToArray())];
        if (Array.Exists(_known, known => known.Length == 0))
            throw new DecantException("The split to evaluate has an output without a single target. Give it targets, or name another split.");
    }

    /// <summary>The answers [N, C], row by row.</summary>
    public float[] Values { get; }

    /// <summary>The wanted numbers [N, C]; not a number where there is none.</summary>
    public float[] Targets { get; }

    /// <summary>C.</summary>
    public int Outputs { get; }

    /// <inheritdoc/>
    public override int Count => SampleIds.Length;

    /// <inheritdoc/>
    public override ulong[] SampleIds { get; }

    /// <inheritdoc/>
    public override Metric Headline { get; }

    /// <summary>The scores of each output, in order.</summary>
    public IReadOnlyList<RegressionScores> PerOutput() => [.. Enumerable.Range(0, Outputs).Select(c => RegressionScores.Of(Column(Values, c), Column(Targets, c)))];

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, double> Metrics()
    {
        var outputs = PerOutput();
        return new Dictionary<string, double>
        {
            ["pearson"] = outputs.Average(o => o.Pearson),
            ["spearman"] = outputs.Average(o => o.Spearman),
            ["mse"] = outputs.Average(o => o.MeanSquaredError),
            ["mae"] = outputs.Average(o => o.MeanAbsoluteError),
        };
    }

    /// <inheritdoc/>
    public override double[] Scores()
    {
        var scores = new double[Count];
        for (var c = 0; c < Outputs; c++)
        {
            var (x, y, known) = (Column(Values, c), Column(Targets, c), _known[c]);
            var own = Headline == Metric.Spearman ? Influence.OfSpearman(x, y) : Influence.OfPearson(x, y);
            // A sample without a target does not change the figure; those that have one are weighted up for the others.
            var (figure, weight) = (own.Average(), (double)Count / known.Length);
            for (var i = 0; i < Count; i++)
                scores[i] += figure / Outputs;
            for (var k = 0; k < known.Length; k++)
                scores[known[k]] += weight * (own[k] - figure) / Outputs;
        }

        return scores;
    }

    /// <inheritdoc/>
    public override ModelEvaluation Evaluate(TaskAnswers? teacher = null)
    {
        var metrics = new Dictionary<string, double>(Metrics());
        if (teacher is RegressionAnswers other)
        {
            CheckPaired(other);
            metrics["teacher-pearson"] = Enumerable.Range(0, Outputs).Average(c => Correlation.Pearson(Column(Values, c), Column(other.Values, c)));
        }

        return new ModelEvaluation { Samples = Count, Metrics = metrics, PerOutput = PerOutput() };
    }

    private double[] Column(float[] values, int output) => [.. _known[output].Select(i => (double)values[i * Outputs + output])];
}
