namespace Decant.Inference;

/// <summary>The labels of a text, of which there may be any number.</summary>
/// <param name="Labels">Those that it has: whose probability reaches their threshold, in the order of the labeler's.</param>
/// <param name="Probabilities">The probability of every label by itself, 0 to 1, in the order of the labeler's; they do not sum to 1.</param>
/// <param name="IsTruncated">Whether the text was longer than the model reads, so that its end was left out.</param>
public sealed record LabelledText(IReadOnlyList<string> Labels, IReadOnlyList<float> Probabilities, bool IsTruncated);
