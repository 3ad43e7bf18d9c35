namespace Decant.Inference;

/// <summary>What a model says of a pair of texts.</summary>
/// <param name="Score">The number of a regression, the first where it has several; of a classification the probability of <paramref name="Label"/>.</param>
/// <param name="Label">The most probable class; null in regressions.</param>
/// <param name="Values">The numbers of a regression, or the probabilities of all classes, in the order of <see cref="TextPairScorer.Names"/>.</param>
/// <param name="IsTruncated">Whether the texts were longer than the model reads, so that the end of one or both was left out.</param>
public sealed record PairScore(float Score, string? Label, IReadOnlyList<float> Values, bool IsTruncated);
