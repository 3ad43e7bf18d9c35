using Decant.Data.Retrieval;

namespace Decant.Evaluation.Retrieval;

/// <summary>How well a search finds the relevant documents: the means over all queries.</summary>
/// <param name="Queries">How many queries.</param>
/// <param name="NdcgAt10">nDCG of the first ten.</param>
/// <param name="MrrAt10">Reciprocal rank within the first ten.</param>
/// <param name="RecallAt10">The share of the relevant documents among the first ten.</param>
/// <param name="RecallAt100">The same of the first hundred.</param>
internal sealed record RetrievalScores(int Queries, double NdcgAt10, double MrrAt10, double RecallAt10, double RecallAt100)
{
    private const int Few = 10;
    private const int Many = 100;

    /// <summary>Searches for every query.</summary>
    /// <param name="search">The documents.</param>
    /// <param name="queries">[Q] vectors.</param>
    /// <param name="judgements">What is relevant.</param>
    /// <param name="cancellationToken">Stops between queries.</param>
    public static RetrievalScores Of(VectorSearch search, IReadOnlyList<float[]> queries, RelevanceJudgements judgements, CancellationToken cancellationToken = default) =>
        Of(queries.Count, (q, count) => search.Nearest(queries[q], count), judgements, cancellationToken);

    /// <summary>The same for any way to find documents.</summary>
    /// <param name="queries">Q.</param>
    /// <param name="find">The documents found for a query, by its index, best first; so many of them at most. Called from several threads.</param>
    /// <param name="judgements">What is relevant.</param>
    /// <param name="cancellationToken">Stops between queries.</param>
    public static RetrievalScores Of(int queries, Func<int, int, IReadOnlyList<int>> find, RelevanceJudgements judgements, CancellationToken cancellationToken = default)
    {
        var scores = new (double Ndcg, double Mrr, double Few, double Many)[queries];
        Parallel.For(0, queries, new ParallelOptions { CancellationToken = cancellationToken }, q =>
        {
            var (ranked, grades) = (find(q, Many), judgements.Grades[q]);
            scores[q] = (DiscountedGain.Normalized(ranked, grades, Few), ReciprocalRank.At(ranked, grades, Few), Recall.At(ranked, grades, Few), Recall.At(ranked, grades, Many));
        });
        return new(queries, scores.Average(s => s.Ndcg), scores.Average(s => s.Mrr), scores.Average(s => s.Few), scores.Average(s => s.Many));
    }
}
