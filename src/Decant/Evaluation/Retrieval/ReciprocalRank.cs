namespace Decant.Evaluation.Retrieval;

/// <summary>Reciprocal rank at k: 1 over the rank of the first relevant document, 0 where none is among the first k.</summary>
internal static class ReciprocalRank
{
    /// <summary>From 0 to 1.</summary>
    /// <param name="ranked">The documents' indices, best first.</param>
    /// <param name="grades">The relevant documents.</param>
    /// <param name="k">How many of the ranking count.</param>
    public static double At(IReadOnlyList<int> ranked, IReadOnlyDictionary<int, double> grades, int k)
    {
        for (var i = 0; i < Math.Min(k, ranked.Count); i++)
        {
            if (grades.ContainsKey(ranked[i]))
                return 1.0 / (i + 1);
        }

        return 0;
    }
}
