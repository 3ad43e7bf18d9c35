namespace Decant.Evaluation.Retrieval;

/// <summary>Recall at k: the share of the relevant documents that are among the first k.</summary>
internal static class Recall
{
    /// <summary>From 0 to 1; below 1 also where more than k documents are relevant.</summary>
    /// <param name="ranked">The documents' indices, best first.</param>
    /// <param name="grades">The relevant documents; at least one.</param>
    /// <param name="k">How many of the ranking count.</param>
    public static double At(IReadOnlyList<int> ranked, IReadOnlyDictionary<int, double> grades, int k) => (double)ranked.Take(k).Count(grades.ContainsKey) / grades.Count;
}
