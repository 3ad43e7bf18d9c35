namespace Decant.Evaluation;

/// <summary>
/// Holm's adjustment of the p-values of several comparisons: where those at or below α after it are called differences, the chance that one or more of them is none is at most α,
/// however the comparisons depend on each other (S. Holm 1979, <i>A Simple Sequentially Rejective Multiple Test Procedure</i>).
/// </summary>
internal static class Holm
{
    /// <summary>Adjusted p-values: with p ascending, the k-th of m (from 1) is max over j ≤ k of min(1, (m − j + 1)·p_j).</summary>
    /// <param name="pValues">One per comparison, 0 to 1, in any order; may be empty.</param>
    /// <returns>The adjusted ones in the order of <paramref name="pValues"/>.</returns>
    /// <exception cref="ArgumentOutOfRangeException">One is not from 0 to 1.</exception>
    public static double[] Adjust(IReadOnlyList<double> pValues)
    {
        ArgumentNullException.ThrowIfNull(pValues);
        if (pValues.FirstOrDefault(p => !(p >= 0 && p <= 1), 0) is not 0 and var bad)
            throw new ArgumentOutOfRangeException(nameof(pValues), bad, "A p-value lies from 0 to 1.");
        var adjusted = new double[pValues.Count];
        double largest = 0;
        foreach (var (index, rank) in Enumerable.Range(0, pValues.Count).OrderBy(i => pValues[i]).Select((i, rank) => (i, rank)))
            adjusted[index] = largest = Math.Max(largest, Math.Min(1, (pValues.Count - rank) * pValues[index]));
        return adjusted;
    }
}
