namespace Decant.Inference;

/// <summary>The vector of a text.</summary>
/// <param name="Vector">[D] numbers.</param>
/// <param name="Tokens">How many tokens were read: special ones included, but of a static model, which reads none.</param>
/// <param name="IsTruncated">Whether the text was longer than the model reads, so that its end was left out.</param>
public sealed record TextEmbedding(ReadOnlyMemory<float> Vector, int Tokens, bool IsTruncated)
{
    /// <summary>The vector as whole numbers from −127 to 127, D bytes: each number divided by the largest magnitude, times 127, rounded. Cosines of such vectors need no factor.</summary>
    public sbyte[] ToInt8() => VectorCodes.Int8(Vector.Span);

    /// <summary>A bit for each number, set where it is above 0: D / 8 bytes, the first number in the highest bit. Such vectors are compared by how many bits differ.</summary>
    public byte[] ToBits() => VectorCodes.Bits(Vector.Span);
}
