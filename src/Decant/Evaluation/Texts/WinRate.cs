namespace Decant.Evaluation.Texts;

/// <summary>How often one of two models was preferred.</summary>
/// <param name="Wins">Prompts for which the first was.</param>
/// <param name="Ties">Prompts for which neither was.</param>
/// <param name="Losses">Prompts for which the second was.</param>
internal readonly record struct WinRate(int Wins, int Ties, int Losses)
{
    private const int NormalDegrees = 100_000; // Student's t differs from the normal distribution by 0.001 % there

    /// <summary>N, all of them.</summary>
    public int Count => Wins + Ties + Losses;

    /// <summary>(wins + ties ÷ 2) ÷ N; one half says nothing for either. Not a number where N is 0.</summary>
    public double Rate => (Wins + Ties / 2.0) / Count;

    /// <summary>
    /// Wilson's score interval of the rate, with half of the ties as wins (E. B. Wilson 1927): (p + z²/2N ± z·√(p(1 − p)/N + z²/4N²)) ÷ (1 + z²/N). A tie varies less than a win and a loss, so the
    /// interval is wider than need be where there are many; it is never of no width. 0 to 1 where N is 0.
    /// </summary>
    /// <param name="confidence">Above 0, below 1.</param>
    public (double Low, double High) Interval(double confidence)
    {
        if (Count == 0)
            return (0, 1);
        var z = StudentT.TwoSidedQuantile(confidence, NormalDegrees);
        var (p, n, squared) = (Rate, (double)Count, z * z);
        var middle = p + squared / (2 * n);
        var half = z * Math.Sqrt(p * (1 - p) / n + squared / (4 * n * n));
        return (Math.Max(0, (middle - half) / (1 + squared / n)), Math.Min(1, (middle + half) / (1 + squared / n)));
    }
}
