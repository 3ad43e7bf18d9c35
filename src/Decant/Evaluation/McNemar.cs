namespace Decant.Evaluation;

/// <summary>McNemar's exact test: are the samples that only one of two models gets right split evenly?</summary>
/// <param name="OnlyA">Samples that only the first gets right.</param>
/// <param name="OnlyB">Samples that only the second gets right.</param>
/// <param name="PValue">
/// The chance of a split at least this uneven if both models were equally good: min(1, 2·Σ_{k ≤ min} C(n, k) ÷ 2ⁿ) with n = OnlyA + OnlyB; 1 when n = 0.
/// </param>
internal sealed record McNemar(int OnlyA, int OnlyB, double PValue)
{
    /// <summary>Tests two models on the same samples.</summary>
    /// <exception cref="DecantException">They were not evaluated on the same samples.</exception>
    public static McNemar Of(Predictions a, Predictions b)
    {
        ArgumentNullException.ThrowIfNull(a);
        ArgumentNullException.ThrowIfNull(b);
        PredictionChecks.CheckPaired(a, b);
        return Of(a.CorrectScores(), b.CorrectScores());
    }

    internal static McNemar Of(double[] a, double[] b)
    {
        int onlyA = 0, onlyB = 0;
        for (var i = 0; i < a.Length; i++)
            if (a[i] > b[i])
                onlyA++;
            else if (b[i] > a[i])
                onlyB++;
        return new McNemar(onlyA, onlyB, PValueOf(onlyA, onlyB));
    }

    internal static double PValueOf(int onlyA, int onlyB) => Math.Min(1, 2 * AtMost(Math.Min(onlyA, onlyB), onlyA + onlyB));

    /// <summary>The chance of a split at least this much in favour of A if both models were equally good: Σ_{k ≤ OnlyB} C(n, k) ÷ 2ⁿ; 1 when n = 0.</summary>
    internal static double OneSided(int onlyA, int onlyB) => Math.Min(1, AtMost(onlyB, onlyA + onlyB));

    /// <summary>P(X ≤ most) of the binomial distribution of n draws at ½.</summary>
    private static double AtMost(int most, int n)
    {
        double logTerm = -n * Math.Log(2), sum = 0; // log of C(n, 0) / 2ⁿ: the plain product underflows from n = 1075 on
        for (var k = 0; k <= most; k++)
        {
            sum += Math.Exp(logTerm);
            logTerm += Math.Log((double)(n - k) / (k + 1));
        }
        return sum;
    }
}
