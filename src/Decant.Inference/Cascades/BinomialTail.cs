namespace Decant.Inference.Cascades;

/// <summary>Exact tails of the binomial distribution.</summary>
internal static class BinomialTail
{
    private const int Bisections = 60;

    /// <summary>P(X ≤ k) for X ~ Binomial(n, p): the p-value of "the risk is p or more" when k of n were wrong.</summary>
    public static double AtMost(int k, int n, double p)
    {
        if (k >= n || p <= 0)
            return 1;
        if (p >= 1)
            return 0;
        // Terms by their ratios from the logarithm of the first; the largest of them are added last only where k is below the mean, which is where tails are small.
        var (logTerm, logOdds) = (n * Math.Log(1 - p), Math.Log(p / (1 - p)));
        var (highest, sum) = (double.NegativeInfinity, 0.0);
        for (var i = 0; i <= k; i++)
        {
            if (i > 0)
                logTerm += Math.Log((double)(n - i + 1) / i) + logOdds;
            if (logTerm > highest)
                (sum, highest) = ((sum * Math.Exp(highest - logTerm)) + 1, logTerm);
            else
                sum += Math.Exp(logTerm - highest);
        }

        return Math.Min(1, sum * Math.Exp(highest));
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
