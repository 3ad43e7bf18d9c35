using Decant.Evaluation.Retrieval;

namespace Decant.Evaluation.Ranking;

/// <summary>The documents of a query in the order that a model gives them.</summary>
/// <remarks>Of documents with the same score, those with the lower grade come first: an order that a model does not give is not counted for it.</remarks>
internal sealed class RankedQuery
{
    private const int Few = 10;
    private readonly int[] _order;
    private readonly Dictionary<int, double> _relevant;

    /// <summary>Sorts.</summary>
    /// <param name="scores">[K], one per document; the higher, the earlier.</param>
    /// <param name="grades">[K], 0 or more; at least one above 0.</param>
    public RankedQuery(IReadOnlyList<double> scores, IReadOnlyList<float> grades)
    {
        _order = [.. Enumerable.Range(0, scores.Count).OrderByDescending(k => scores[k]).ThenBy(k => grades[k])];
        _relevant = Enumerable.Range(0, grades.Count).Where(k => grades[k] > 0).ToDictionary(k => k, k => (double)grades[k]);
    }

    /// <summary>nDCG of the first ten.</summary>
    public double Ndcg => DiscountedGain.Normalized(_order, _relevant, Few);

    /// <summary>Reciprocal rank within the first ten.</summary>
    public double ReciprocalRank => Retrieval.ReciprocalRank.At(_order, _relevant, Few);

    /// <summary>The share of the relevant documents among the first ten.</summary>
    public double Recall => Retrieval.Recall.At(_order, _relevant, Few);
}
