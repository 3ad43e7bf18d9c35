namespace Decant.Inference.Cascades;

/// <summary>How sure a classifier is of its answer, as one number from 0 to 1; larger is surer.</summary>
public enum ConfidenceScore
{
    /// <summary>The probability of the class that is answered.</summary>
    MaxProbability,

    /// <summary>The probability of the class that is answered less that of the next one.</summary>
    Margin,

    /// <summary>1 − H / ln C, with H the entropy of the probabilities of C classes in nats.</summary>
    Entropy,
}

/// <summary>Computes confidences.</summary>
public static class Confidences
{
    /// <summary>The confidence of one answer.</summary>
    /// <param name="score">Which.</param>
    /// <param name="probabilities">The probabilities of all classes [C], in any order; C is at least 1.</param>
    /// <returns>0 to 1; 1 where there is one class.</returns>
    /// <exception cref="DecantException">There is no class, or a number is not finite.</exception>
    public static double Of(ConfidenceScore score, IReadOnlyList<float> probabilities)
    {
        ArgumentNullException.ThrowIfNull(probabilities);
        var (first, second, entropy) = (0.0, 0.0, 0.0);
        foreach (var p in probabilities)
        {
            if (!float.IsFinite(p))
                throw new DecantException("Confidence: expected finite probabilities, came one that is not; look at the student's weights.");
            (first, second) = p > first ? (p, first) : (first, Math.Max(second, p));
            entropy -= p > 0 ? p * Math.Log(p) : 0;
        }

        if (probabilities.Count == 0)
            throw new DecantException("Confidence: expected the probabilities of one class or more, came none.");
        var confidence = score switch
        {
            ConfidenceScore.Margin => probabilities.Count == 1 ? 1 : first - second,
            ConfidenceScore.Entropy => probabilities.Count == 1 ? 1 : 1 - (entropy / Math.Log(probabilities.Count)),
            _ => first,
        };
        return Math.Clamp(confidence, 0, 1);
    }
}
