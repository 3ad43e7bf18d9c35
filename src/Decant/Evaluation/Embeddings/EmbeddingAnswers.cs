namespace Decant.Evaluation.Embeddings;

/// <summary>How a model places the samples of a split: the cosine to the teacher's vectors, and of pairs the cosine between the two.</summary>
/// <remarks>The vectors are not kept. Where pairs have scores, a comparison uses the Spearman correlation of cosine and score, else the cosine to the teacher.</remarks>
internal sealed class EmbeddingAnswers : TaskAnswers
{
    private readonly double[]? _teacherCosines;
    private readonly double[]? _pairCosines;
    private readonly double[]? _scores;

    /// <summary>Checks and holds the cosines.</summary>
    /// <param name="sampleIds">The samples' stable ids [N].</param>
    /// <param name="teacherCosines">The cosine to the teacher's vector of each sample [N], of a pair the mean of its two; null where no teacher was evaluated with it.</param>
    /// <param name="pairCosines">The cosine between the two texts of each sample [N]; null where samples are no pairs.</param>
    /// <param name="scores">The similarity of the two texts of each sample [N], in any unit; null where the data has none.</param>
    /// <exception cref="DecantException">Lengths disagree, there is nothing to measure, or a cosine is not finite.</exception>
    public EmbeddingAnswers(ulong[] sampleIds, double[]? teacherCosines, double[]? pairCosines = null, double[]? scores = null)
    {
        ArgumentNullException.ThrowIfNull(sampleIds);
        if (sampleIds.Length == 0)
            throw AnswerFaults.Nothing();
        if (new[] { teacherCosines, pairCosines, scores }.Any(v => v is not null && v.Length != sampleIds.Length))
            throw new DecantException($"Expected a cosine or score for each of {sampleIds.Length} samples.");
        foreach (var cosines in new[] { teacherCosines, pairCosines })
            for (var i = 0; i < cosines?.Length; i++)
                if (!double.IsFinite(cosines[i]))
                    throw AnswerFaults.NotFinite(cosines[i], sampleIds[i]);
        HasScores = pairCosines is not null && scores is not null;
        if (!HasScores && teacherCosines is null)
            throw new DecantException("An embedding is measured against its teacher's vectors or on pairs of texts with scores; there is neither.");
        (SampleIds, _teacherCosines, _pairCosines, _scores) = (sampleIds, teacherCosines, pairCosines, scores);
    }

    /// <summary>Whether samples are pairs with scores.</summary>
    public bool HasScores { get; }

    /// <inheritdoc/>
    public override int Count => SampleIds.Length;

    /// <inheritdoc/>
    public override ulong[] SampleIds { get; }

    /// <inheritdoc/>
    public override Metric Headline => HasScores ? Metric.Spearman : Metric.TeacherCosine;

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, double> Metrics()
    {
        var metrics = new Dictionary<string, double>();
        if (HasScores)
        {
            metrics["spearman"] = Correlation.Spearman(_pairCosines!, _scores!);
            metrics["pearson"] = Correlation.Pearson(_pairCosines!, _scores!);
        }

        if (_teacherCosines is not null)
            metrics["teacher-cosine"] = _teacherCosines.Average();
        return metrics;
    }

    /// <inheritdoc/>
    public override double[] Scores() => HasScores ? Influence.OfSpearman(_pairCosines!, _scores!) : _teacherCosines!;

    /// <inheritdoc/>
    public override ModelEvaluation Evaluate(TaskAnswers? teacher = null) => new() { Samples = Count, Metrics = Metrics() };
}
