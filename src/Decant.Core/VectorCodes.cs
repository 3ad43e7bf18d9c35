using System.Numerics;

namespace Decant;

/// <summary>Vectors in fewer bits, as search engines keep them.</summary>
internal static class VectorCodes
{
    private const float Most = 127;

    /// <summary>Whole numbers from −127 to 127: each number divided by the vector's largest magnitude, times 127, rounded to the nearest, halves away from 0. The cosine of two vectors needs no factor.</summary>
    /// <param name="vector">[D]; zeros stay zeros.</param>
    public static sbyte[] Int8(ReadOnlySpan<float> vector)
    {
        var largest = 0f;
        foreach (var number in vector)
            largest = Math.Max(largest, Math.Abs(number));
        var codes = new sbyte[vector.Length];
        for (var i = 0; i < codes.Length && largest > 0; i++)
            codes[i] = (sbyte)MathF.Round(vector[i] / largest * Most, MidpointRounding.AwayFromZero);
        return codes;
    }

    /// <summary>A bit for each number, set where it is above 0; the first is the highest bit of the first byte, as NumPy's <c>packbits</c> has it. What is left of the last byte is 0.</summary>
    /// <param name="vector">[D].</param>
    public static byte[] Bits(ReadOnlySpan<float> vector)
    {
        var bits = new byte[(vector.Length + 7) / 8];
        for (var i = 0; i < vector.Length; i++)
        {
            if (vector[i] > 0)
                bits[i / 8] |= (byte)(0x80 >> (i % 8));
        }

        return bits;
    }

    /// <summary>How many bits differ.</summary>
    public static int Differing(ReadOnlySpan<byte> a, ReadOnlySpan<byte> b)
    {
        var count = 0;
        for (var i = 0; i < a.Length; i++)
            count += BitOperations.PopCount((uint)(a[i] ^ b[i]));
        return count;
    }
}
