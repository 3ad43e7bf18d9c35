namespace Decant.Evaluation.Ranking;

/// <summary>The scores that a model gives the documents of queries, with the documents' grades.</summary>
internal sealed class RankingAnswers : TaskAnswers
{
    private readonly double[][] _scores;
    private readonly float[][] _grades;
    private readonly RankedQuery[] _ranked;

    /// <summary>Checks and holds them.</summary>
    /// <param name="scores">The scores of each query's documents [N][K], all finite; the higher, the earlier.</param>
    /// <param name="grades">Their grades [N][K], 0 or more; at least one of a query above 0.</param>
    /// <param name="sampleIds">The queries' stable ids [N].</param>
    /// <param name="words">The scores of BM25 [N][K], to compare with; null: not known.</param>
    /// <exception cref="DecantException">Lengths disagree, there is nothing to measure, or a score is not finite.</exception>
    public RankingAnswers(double[][] scores, float[][] grades, ulong[] sampleIds, double[][]? words = null)
    {
        if (sampleIds.Length == 0)
            throw AnswerFaults.Nothing();
        if (scores.Length != sampleIds.Length || grades.Length != sampleIds.Length || !scores.Select(s => s.Length).SequenceEqual(grades.Select(g => g.Length)))
            throw new DecantException($"Expected scores and grades for the documents of each of {sampleIds.Length} queries, came {scores.Length} lists of scores and {grades.Length} of grades.");
        for (var i = 0; i < scores.Length; i++)
            foreach (var score in scores[i].Where(s => !double.IsFinite(s)))
                throw AnswerFaults.NotFinite(score, sampleIds[i]);
        (_scores, _grades, SampleIds) = (scores, grades, sampleIds);
        _ranked = [.. scores.Select((s, i) => new RankedQuery(s, grades[i]))];
        OfWords = words is null ? null : new(words, grades, sampleIds);
    }

    /// <summary>What BM25 answers to the same queries; null: not known.</summary>
    public RankingAnswers? OfWords { get; }

    /// <inheritdoc/>
    public override int Count => SampleIds.Length;

    /// <inheritdoc/>
    public override ulong[] SampleIds { get; }

    /// <inheritdoc/>
    public override Metric Headline => Metric.Ndcg;

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, double> Metrics() => new Dictionary<string, double>
    {
        [Metric.Ndcg.Name] = _ranked.Average(q => q.Ndcg),
        ["mrr@10"] = _ranked.Average(q => q.ReciprocalRank),
        ["recall@10"] = _ranked.Average(q => q.Recall),
    };

    /// <inheritdoc/>
    public override double[] Scores() => [.. _ranked.Select(q => q.Ndcg)];

    /// <inheritdoc/>
    public override ModelEvaluation Evaluate(TaskAnswers? teacher = null)
    {
        var metrics = new Dictionary<string, double>(Metrics());
        if (teacher is RankingAnswers other)
        {
            CheckPaired(other);
            // Queries whose scores are all the same have no order to agree with.
            double[] agreements = [.. _scores.Zip(other._scores, Correlation.Spearman).Where(double.IsFinite)];
            if (agreements.Length > 0)
                metrics["teacher-spearman"] = agreements.Average();
        }

        return new ModelEvaluation { Samples = Count, Metrics = metrics };
    }

    /// <inheritdoc/>
    public override void CheckPaired(TaskAnswers other)
    {
        base.CheckPaired(other);
        if (!((RankingAnswers)other)._grades.Select(g => g.Length).SequenceEqual(_grades.Select(g => g.Length)))
            throw new DecantException("The two models were given other numbers of documents for a query. Evaluate both on the same split.");
    }
}
