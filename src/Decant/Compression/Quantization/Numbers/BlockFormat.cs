namespace Decant.Compression.Quantization.Numbers;

/// <summary>How the numbers of a block are stored.</summary>
/// <param name="Bits">2, 4 or 8.</param>
/// <param name="Size">Numbers of a block.</param>
/// <param name="Symmetric">Whether the middle of the range stands for 0; otherwise every block has a zero point.</param>
internal sealed record BlockFormat(int Bits, int Size, bool Symmetric)
{
    /// <summary>The bytes that so many integers take.</summary>
    public int BytesOf(int count) => ((count * Bits) + 7) / 8;

    /// <summary>Whether so many integers end with a byte.</summary>
    public bool FillsBytes(int count) => count * Bits % 8 == 0;

    /// <summary>The scale of a block. Symmetric: the number of the largest absolute value is exactly the lowest integer, whose side has one step more; its sign is the scale's.</summary>
    public AffineScale ScaleOf(ReadOnlySpan<float> values)
    {
        var (least, most) = (0f, 0f);
        foreach (var value in values)
            (least, most) = (Math.Min(least, value), Math.Max(most, value));
        var range = IntegerRange.Unsigned(Bits);
        if (!Symmetric)
            return AffineScale.Asymmetric(least, most, range);
        var half = 1 << (Bits - 1);
        var largest = -least >= most ? least : most;
        var scale = largest / -half;
        return new AffineScale(float.IsNormal(scale) ? scale : 1, half, range);
    }

    /// <summary>Stores an integer.</summary>
    /// <param name="line">The bytes, 0 where nothing was stored yet.</param>
    /// <param name="index">Which integer.</param>
    /// <param name="value">The integer.</param>
    public void Put(Span<byte> line, int index, int value)
    {
        var bit = index * Bits;
        line[bit / 8] |= (byte)(value << (bit % 8));
    }

    /// <summary>Reads an integer back.</summary>
    public int Get(ReadOnlySpan<byte> line, int index)
    {
        var bit = index * Bits;
        return (line[bit / 8] >> (bit % 8)) & ((1 << Bits) - 1);
    }
}
