namespace Decant.Inference;

/// <summary>The class of a text or image.</summary>
/// <param name="Label">The most probable class.</param>
/// <param name="Probability">Its probability, 0 to 1.</param>
/// <param name="Probabilities">The probabilities of all classes, in the order of the classifier's labels; their sum is 1.</param>
/// <param name="IsTruncated">Whether the text was longer than the model reads, so that its end was left out; never for images.</param>
public sealed record Classification(string Label, float Probability, IReadOnlyList<float> Probabilities, bool IsTruncated)
{
    internal static Classification Of(IReadOnlyList<string> labels, float[] logits, bool isTruncated)
    {
        var best = Softmax.InPlace(logits);
        return new(labels[best], logits[best], logits, isTruncated);
    }
}
