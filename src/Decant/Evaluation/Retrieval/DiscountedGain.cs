namespace Decant.Evaluation.Retrieval;

/// <summary>nDCG at k: the gain of a ranking's first k documents, each divided by log₂(1 + rank), over that of the best possible ranking (Järvelin and Kekäläinen 2002).</summary>
/// <remarks>The gain of a document is its grade, as in trec_eval and BEIR, and not 2^grade − 1.</remarks>
internal static class DiscountedGain
{
    /// <summary>From 0 to 1, the best ranking.</summary>
    /// <param name="ranked">The documents' indices, best first; at least k, or all there are.</param>
    /// <param name="grades">The relevant documents' grades; at least one.</param>
    /// <param name="k">How many of the ranking count.</param>
    public static double Normalized(IReadOnlyList<int> ranked, IReadOnlyDictionary<int, double> grades, int k) =>
        Sum(ranked.Take(k).Select(document => grades.GetValueOrDefault(document))) / Sum(grades.Values.OrderDescending().Take(k));

    private static double Sum(IEnumerable<double> gains) => gains.Select((gain, i) => gain / Math.Log2(i + 2)).Sum();
}
