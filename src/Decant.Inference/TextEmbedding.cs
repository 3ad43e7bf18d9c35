namespace Decant.Inference;

/// <summary>The vector of a text.</summary>
/// <param name="Vector">[D] numbers.</param>
/// <param name="Tokens">How many tokens were read, special ones included.</param>
/// <param name="IsTruncated">Whether the text was longer than the model reads, so that its end was left out.</param>
public sealed record TextEmbedding(ReadOnlyMemory<float> Vector, int Tokens, bool IsTruncated);
