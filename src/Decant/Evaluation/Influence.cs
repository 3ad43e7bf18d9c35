namespace Decant.Evaluation;

/// <summary>Scores per sample for figures that are no means, so that their mean is the figure and their spread is its own.</summary>
/// <remarks>
/// Score i = T + IF_i, with IF_i = d/dε T((1 − ε)·F + ε·δ_i) at ε = 0, the empirical influence of sample i (Efron 1982, chapter 6, the infinitesimal jackknife).
/// The influences sum to 0, and Var(T) ≈ Σ IF² ÷ N²: drawing the scores again is the bootstrap of T linearised, which differs from the bootstrap of T itself
/// by terms of the order 1/N. For a ratio of sums and for correlations the derivative is exact and costs one pass.
/// </remarks>
internal static class Influence
{
    /// <summary>T = Σa ÷ Σb over the samples: perplexity's exponent, bits per byte, F1. IF_i = (a_i − T·b_i) ÷ mean(b). All 0 where Σb is 0.</summary>
    public static double[] OfRatio(double[] above, double[] below)
    {
        var total = below.Sum();
        if (total == 0)
            return new double[below.Length];
        var (ratio, mean) = (above.Sum() / total, total / below.Length);
        return [.. above.Zip(below, (a, b) => ratio + (a - ratio * b) / mean)];
    }

    /// <summary>Pearson's r: IF_i = z_x z_y − r·(z_x² + z_y²) ÷ 2 (Devlin, Gnanadesikan, Kettenring 1975). All 0 where x or y is constant.</summary>
    public static double[] OfPearson(double[] x, double[] y)
    {
        var (u, v) = (new Standardised(x), new Standardised(y));
        var r = u.Correlation(v);
        return u.IsConstant || v.IsConstant ? new double[x.Length] : [.. u.Z.Zip(v.Z, (a, b) => r + a * b - r * (a * a + b * b) / 2)];
    }

    /// <summary>
    /// Spearman's ρ: Pearson's influence on the ranks, and what the sample does to the ranks of the others,
    /// Σ_j (z_v,j − ρ z_u,j)·K(x_j, x_i) ÷ (N·s_u) for x and likewise for y, with K 1 above, ½ at and 0 below x_i. All 0 where x or y is constant.
    /// </summary>
    public static double[] OfSpearman(double[] x, double[] y)
    {
        var (u, v) = (new Standardised(Shares(x)), new Standardised(Shares(y)));
        if (u.IsConstant || v.IsConstant)
            return new double[x.Length];
        var rho = u.Correlation(v);
        var (ofX, ofY) = (OfRanks(x, u, v, rho), OfRanks(y, v, u, rho));
        return [.. Enumerable.Range(0, x.Length).Select(i => rho + u.Z[i] * v.Z[i] - rho * (u.Z[i] * u.Z[i] + v.Z[i] * v.Z[i]) / 2 + ofX[i] + ofY[i])];
    }

    /// <summary>Ranks as shares of N: the samples below, and half of those that tie.</summary>
    private static double[] Shares(double[] values) => [.. Ranks.Of(values).Select(r => (r - 0.5) / values.Length)];

    private static double[] OfRanks(double[] values, Standardised own, Standardised other, double rho)
    {
        var n = values.Length;
        double[] pull = [.. own.Z.Zip(other.Z, (u, v) => (v - rho * u) / (n * own.Spread))];
        var order = Enumerable.Range(0, n).ToArray();
        Array.Sort((double[])values.Clone(), order);
        var influence = new double[n];
        double above = 0;
        for (var end = n; end > 0;)
        {
            var start = end - 1;
            while (start > 0 && values[order[start - 1]] == values[order[end - 1]])
                start--;
            double tied = 0;
            for (var k = start; k < end; k++)
                tied += pull[order[k]];
            for (var k = start; k < end; k++)
                influence[order[k]] = above + tied / 2;
            above += tied;
            end = start;
        }

        return influence;
    }
}
