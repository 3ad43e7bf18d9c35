using System.Buffers;

namespace Decant.Teachers.Answers.Packing;

/// <summary>Whole numbers of 0 to 2³¹ − 1 in as few bytes as they need, seven bits in each.</summary>
internal static class Varint
{
    private const int Payload = 7;
    private const int More = 1 << Payload;

    /// <summary>Writes a number.</summary>
    public static void Write(IBufferWriter<byte> output, int value)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(value);
        var room = output.GetSpan(5);
        var count = 0;
        for (; value >= More; value >>= Payload)
            room[count++] = (byte)(value | More);
        room[count++] = (byte)value;
        output.Advance(count);
    }

    /// <summary>Reads a number and goes past it.</summary>
    /// <exception cref="InvalidDataException">There is none.</exception>
    public static int Read(ref ReadOnlySpan<byte> input)
    {
        var value = 0L;
        for (var i = 0; i < input.Length && i < 5; i++)
        {
            value |= (long)(input[i] & (More - 1)) << (Payload * i);
            if (input[i] >= More)
                continue;
            input = input[(i + 1)..];
            return value <= int.MaxValue ? (int)value : throw new InvalidDataException($"a number of {value}");
        }

        throw new InvalidDataException("a number without an end");
    }
}
