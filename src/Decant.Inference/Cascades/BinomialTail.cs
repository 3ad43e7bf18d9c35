namespace Decant.Inference.Cascades;

/// <summary>Exact tails of the binomial distribution.</summary>
internal static class BinomialTail
{
    private const int Bisections = 40; // of an interval of at most 1: far below what rows can tell
    private const double LargestSum = 1e250;
    private static readonly double s_logLargestSum = Math.Log(LargestSum);

    /// <summary>P(X ≤ k) for X ~ Binomial(n, p): the p-value of "the risk is p or more" when k of n were wrong.</summary>
    public static double AtMost(int k, int n, double p)
    {
        if (k >= n || p <= 0)
            return 1;
        if (p >= 1)
            return 0;
        // Each term by its ratio to the one before, in units of the first; where the sum grows large the unit does.
        var (odds, logUnit) = (p / (1 - p), n * Math.Log(1 - p));
        var (term, sum) = (1.0, 1.0);
        for (var i = 1; i <= k; i++)
        {
            term *= (double)(n - i + 1) / i * odds;
            sum += term;
            if (sum > LargestSum)
            {
                (term, sum) = (term / LargestSum, sum / LargestSum);
                logUnit += s_logLargestSum;
            }
        }

        return Math.Min(1, Math.Exp(Math.Log(sum) + logUnit));
    }

    /// <summary>The upper bound of Clopper and Pearson: the largest p with P(X ≤ k) ≥ delta; 1 where n = 0.</summary>
    public static double UpperBound(int k, int n, double delta)
    {
        if (k >= n)
            return 1;
        var (low, high) = ((double)k / n, 1.0);
        for (var i = 0; i < Bisections; i++)
        {
            var middle = (low + high) / 2;
            (low, high) = AtMost(k, n, middle) > delta ? (middle, high) : (low, middle);
        }

        return high;
    }

    /// <summary>The fewest rows n on which k wrong ones still reject "the risk is p or more": P(X ≤ k) ≤ delta. For k = 0 it is ⌈ln delta / ln(1 − p)⌉.</summary>
    public static int FewestRows(int k, double p, double delta)
    {
        var (low, high) = (k, k + 1);
        while (AtMost(k, high, p) > delta)
        {
            (low, high) = (high, checked(high * 2));
        }

        while (high - low > 1)
        {
            var middle = low + ((high - low) / 2);
            (low, high) = AtMost(k, middle, p) > delta ? (middle, high) : (low, middle);
        }

        return high;
    }
}
