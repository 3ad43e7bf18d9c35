using Decant.Runs.Recipes.Schema;

namespace Decant.Runs.ActiveLearning;

/// <summary>How unsure a classifier is, from its logits z with p = softmax(z): larger is less sure (Settles 2009).</summary>
internal static class Uncertainty
{
    /// <summary>The number by which texts are taken, the largest first; of <see cref="RoundChoice.Random"/> 0 for all.</summary>
    /// <param name="logits">C logits.</param>
    /// <param name="choice">Entropy −Σ p ln p in nats; minus the margin p₁ − p₂ of the two largest; 1 − p₁.</param>
    public static double Of(ReadOnlySpan<float> logits, RoundChoice choice)
    {
        if (choice == RoundChoice.Random)
            return 0;
        var p = new double[logits.Length];
        var most = double.NegativeInfinity;
        foreach (var z in logits)
            most = Math.Max(most, z);
        var sum = 0.0;
        for (var c = 0; c < p.Length; c++)
            sum += p[c] = Math.Exp(logits[c] - most);
        Array.Sort(p);
        return choice switch
        {
            RoundChoice.Margin => -(p[^1] - (p.Length > 1 ? p[^2] : 0)) / sum,
            RoundChoice.LeastConfident => 1 - (p[^1] / sum),
            _ => -p.Sum(x => x == 0 ? 0 : x / sum * Math.Log(x / sum)),
        };
    }
}
