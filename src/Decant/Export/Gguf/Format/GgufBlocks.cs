using System.Buffers.Binary;

namespace Decant.Export.Gguf.Format;

/// <summary>Numbers as llama.cpp stores them. The blocks are, to the bit, those of its own quantization without an importance matrix.</summary>
/// <remarks>Source: <c>quantize_row_q8_0_ref</c> and <c>quantize_row_q4_0_ref</c> of ggml. All arithmetic is in float32, as there.</remarks>
internal static class GgufBlocks
{
    private const int Block = 32;

    /// <summary>Encodes whole blocks.</summary>
    /// <param name="numbers">The numbers.</param>
    /// <param name="type">F32, F16, Q8_0 or Q4_0.</param>
    /// <param name="bytes">Room for them.</param>
    /// <param name="name">The tensor, for errors.</param>
    /// <exception cref="DecantException">A number is none, or too large for float16.</exception>
    public static void Encode(ReadOnlySpan<float> numbers, GgufType type, Span<byte> bytes, string name)
    {
        Check(numbers, type, name);
        for (var at = 0; at < numbers.Length; at += type.Block)
        {
            var block = numbers.Slice(at, type.Block);
            var room = bytes.Slice(at / type.Block * type.Bytes, type.Bytes);
            if (type == GgufType.F32)
                BinaryPrimitives.WriteSingleLittleEndian(room, block[0]);
            else if (type == GgufType.F16)
                BinaryPrimitives.WriteHalfLittleEndian(room, (Half)block[0]);
            else if (type == GgufType.Q8)
                Encode8(block, room);
            else
                Encode4(block, room);
        }
    }

    private static void Check(ReadOnlySpan<float> numbers, GgufType type, string name)
    {
        var most = type == GgufType.F32 ? float.MaxValue : (float)Half.MaxValue;
        foreach (var number in numbers)
            if (!(Math.Abs(number) <= most))
                throw new DecantException($"The tensor {name} has the number {number}, which {type.Name} cannot store (finite numbers of at most {most} can be). A training that went wrong leaves such numbers; 'decant inspect' shows where.");
    }

    private static void Encode8(ReadOnlySpan<float> block, Span<byte> room)
    {
        var largest = 0f;
        foreach (var number in block)
            largest = Math.Max(largest, Math.Abs(number));
        var step = largest / 127;
        var inverse = step == 0 ? 0 : 1 / step;
        BinaryPrimitives.WriteHalfLittleEndian(room, (Half)step);
        for (var i = 0; i < Block; i++)
            room[2 + i] = (byte)(sbyte)MathF.Round(block[i] * inverse, MidpointRounding.AwayFromZero);
    }

    // The number of the largest magnitude becomes −8, whatever its sign.
    private static void Encode4(ReadOnlySpan<float> block, Span<byte> room)
    {
        var largest = 0f;
        foreach (var number in block)
            if (Math.Abs(number) > Math.Abs(largest))
                largest = number;
        var step = largest / -8;
        var inverse = step == 0 ? 0 : 1 / step;
        BinaryPrimitives.WriteHalfLittleEndian(room, (Half)step);
        for (var i = 0; i < Block / 2; i++)
            room[2 + i] = (byte)(Nibble(block[i] * inverse) | (Nibble(block[i + (Block / 2)] * inverse) << 4));
    }

    private static int Nibble(float number) => Math.Min(15, (int)(number + 8.5f));
}
