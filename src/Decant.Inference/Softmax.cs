namespace Decant.Inference;

/// <summary>Probabilities of logits.</summary>
internal static class Softmax
{
    /// <summary>Replaces logits by the probabilities exp(zᵢ − max) / Σ exp(zⱼ − max), summed in double precision.</summary>
    /// <returns>The index of the largest; the first of those that tie.</returns>
    public static int InPlace(Span<float> logits)
    {
        var best = TokenSampler.ArgMax(logits);
        var (highest, sum) = (logits[best], 0.0);
        foreach (ref var logit in logits)
        {
            logit = MathF.Exp(logit - highest);
            sum += logit;
        }

        foreach (ref var probability in logits)
            probability = (float)(probability / sum);
        return best;
    }
}
