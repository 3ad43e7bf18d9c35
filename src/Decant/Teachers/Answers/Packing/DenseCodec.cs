using System.Buffers;
using System.Buffers.Binary;

namespace Decant.Teachers.Answers.Packing;

/// <summary>Writes numbers as they are: float16, off by a 2,048th of themselves at most (below 2⁻¹⁴: by 2⁻²⁵), or float32, exact.</summary>
/// <param name="isHalf">Whether it is float16.</param>
internal sealed class DenseCodec(bool isHalf)
{
    /// <summary>The largest number that float16 has.</summary>
    public static float LargestHalf => (float)Half.MaxValue;

    /// <summary>By how much a number may be off, at most.</summary>
    /// <param name="value">The number.</param>
    public float ErrorAt(float value) => isHalf && float.IsFinite(value) ? Math.Max(MathF.Abs(value) / 2048, MathF.ScaleB(1, -25)) : 0;

    /// <summary>Packs rows.</summary>
    /// <param name="rows">The rows of a sample.</param>
    /// <param name="output">Where to.</param>
    /// <exception cref="DecantException">A number is too large for float16.</exception>
    public void Pack(DenseRows rows, IBufferWriter<byte> output)
    {
        Varint.Write(output, rows.Count);
        Varint.Write(output, rows.Width);
        var size = isHalf ? sizeof(ushort) : sizeof(float);
        var room = output.GetSpan(rows.Values.Length * size);
        for (var i = 0; i < rows.Values.Length; i++)
        {
            var value = rows.Values[i];
            if (!isHalf)
                BinaryPrimitives.WriteSingleLittleEndian(room[(i * size)..], value);
            else if (float.IsFinite(value) && !Half.IsFinite((Half)value))
                throw new DecantException($"The teacher answered {value}, and float16 holds ±{LargestHalf:N0} at most. Store its answers in float32.");
            else
                BinaryPrimitives.WriteHalfLittleEndian(room[(i * size)..], (Half)value);
        }

        output.Advance(rows.Values.Length * size);
    }

    /// <summary>Unpacks rows.</summary>
    /// <param name="packed">All that was packed.</param>
    /// <exception cref="InvalidDataException">It is something else.</exception>
    public DenseRows Unpack(ReadOnlySpan<byte> packed)
    {
        var (rows, width) = (Varint.Read(ref packed), Varint.Read(ref packed));
        var size = isHalf ? sizeof(ushort) : sizeof(float);
        if ((long)rows * width * size != packed.Length)
            throw new InvalidDataException($"{rows} rows of {width} numbers in {packed.Length} bytes");
        var values = new float[rows * width];
        for (var i = 0; i < values.Length; i++)
            values[i] = isHalf ? (float)BinaryPrimitives.ReadHalfLittleEndian(packed[(i * size)..]) : BinaryPrimitives.ReadSingleLittleEndian(packed[(i * size)..]);
        return new DenseRows(width, values);
    }
}
