using Decant.Torch;

namespace Decant.Objectives;

/// <summary>The formulas that divergences are made of, over rows of log-probabilities [R, C].</summary>
internal static class LogProbabilities
{
    /// <summary>Of a number below, float32 knows no exponential but 0.</summary>
    private const double Least = -104;

    /// <summary>Σ_c a·(log a − log b) of every row [R]; a class with a = 0 has no part. ∞ where b is 0 and a is not: see <see cref="Floored"/>.</summary>
    public static Tensor KullbackLeibler(Tensor logA, Tensor logB) => KullbackLeibler(logA.Exp(), logA, logB);

    /// <summary>The same where a is known too.</summary>
    public static Tensor KullbackLeibler(Tensor a, Tensor logA, Tensor logB)
    {
        // lim a→0 of a·log(a ÷ b) is 0, where a·(log a − log b) would be 0·∞ for a class that is masked by −∞.
        return (a * (logA - logB).MaskedFill(a.EqualTo(0), 0)).Sum(-1);
    }

    /// <summary>
    /// With −104 for anything less: for formulas that have the logarithm where the probability itself is 0 in float32. No gradient flows where it is replaced;
    /// it would be that probability times something.
    /// </summary>
    public static Tensor Floored(Tensor logA) => logA.Clamp(min: Least);

    /// <summary>log(w·a + (1 − w)·b), exactly log a where a = b. Both are floored first.</summary>
    /// <param name="logA">[R, C], finite.</param>
    /// <param name="logB">[R, C], finite.</param>
    /// <param name="weight">w, above 0 and below 1.</param>
    public static Tensor Mixture(Tensor logA, Tensor logB, double weight)
    {
        // With the larger one outside: log(w_large + w_small·e^(small − large)) = log1p(w_small·(e^(small − large) − 1)), for the weights sum to 1.
        var difference = logB - logA;                                                                               // [R, C]
        var isFirst = difference.LessOrEqual(0);                                                                    // [R, C]
        var larger = Tensor.Where(isFirst, logA, logB);
        var below = Tensor.Where(isFirst, difference, -difference);                                                 // [R, C], at most 0
        var share = isFirst.To(DType.Float32) * (1 - 2 * weight) + weight;                                          // 1 − w where b is the smaller one, else w
        return larger + (share * below.Expm1()).Log1p();
    }
}
