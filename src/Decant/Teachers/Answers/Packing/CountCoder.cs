using System.Numerics;

namespace Decant.Teachers.Answers.Packing;

/// <summary>
/// Codes how often ids were drawn: the number of bits with learned probabilities, then the bits. What the number of draws says already costs nothing, and a row of a single id, as of
/// a teacher that is sure, little.
/// </summary>
/// <param name="draws">The number of draws of a row.</param>
internal sealed class CountCoder(int draws)
{
    private const int Lengths = 16;
    private const int LeftClasses = 16;

    private readonly BitModel _longer = new(LeftClasses * Lengths);
    private readonly BitModel _top = new(Lengths);
    private readonly BitModel _alone = new(1);

    /// <summary>Codes a count.</summary>
    /// <param name="encoder">Where to.</param>
    /// <param name="count">The count, 1 or more.</param>
    /// <param name="left">How many draws are left, its own included.</param>
    public void Write(RangeEncoder encoder, int count, int left)
    {
        if (left == 1)
            return;
        if (left == draws)
        {
            encoder.Write(_alone, 0, count == draws ? 1 : 0);
            if (count == draws)
                return;
        }

        var (length, most) = (BitOperations.Log2((uint)count), BitOperations.Log2((uint)left));
        for (var i = 0; i < most; i++)
        {
            encoder.Write(_longer, most * Lengths + i, i < length ? 1 : 0);
            if (i == length)
                break;
        }

        if (length == 0)
            return;
        encoder.Write(_top, length, (count >> (length - 1)) & 1);
        encoder.WriteEven((uint)count & ((1u << (length - 1)) - 1), length - 1);
    }

    /// <summary>Reads a count; 1 at least.</summary>
    /// <param name="decoder">Where from.</param>
    /// <param name="left">How many draws are left, its own included.</param>
    public int Read(ref RangeDecoder decoder, int left)
    {
        if (left == 1)
            return 1;
        if (left == draws && decoder.Read(_alone, 0) == 1)
            return draws;
        var (length, most) = (0, BitOperations.Log2((uint)left));
        while (length < most && decoder.Read(_longer, most * Lengths + length) == 1)
            length++;
        if (length == 0)
            return 1;
        var count = 2 + decoder.Read(_top, length);
        return (count << (length - 1)) | (int)decoder.ReadEven(length - 1);
    }
}
