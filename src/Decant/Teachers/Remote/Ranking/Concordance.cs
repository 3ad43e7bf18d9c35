namespace Decant.Teachers.Remote.Ranking;

/// <summary>Kendall's coefficient of concordance of m rankings of n things: W = 12 S / (m² (n³ − n)), with S the squared deviations of the rank sums from their mean.</summary>
internal static class Concordance
{
    /// <summary>W, from 0 to 1; null: there are fewer than two rankings.</summary>
    /// <param name="rankings">Rankings without ties, each a place from 0 for every thing; two things or more.</param>
    public static double? Of(IReadOnlyList<int[]> rankings)
    {
        if (rankings.Count < 2)
            return null;
        var (m, n) = ((double)rankings.Count, rankings[0].Length);
        double[] sums = [.. Enumerable.Range(0, n).Select(i => (double)rankings.Sum(r => r[i]))];
        var mean = sums.Average();
        return 12 * sums.Sum(s => (s - mean) * (s - mean)) / (m * m * (((double)n * n * n) - n));
    }
}
