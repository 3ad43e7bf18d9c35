using System.Buffers;

namespace Decant.Teachers.Answers.Packing;

/// <summary>Packs the k largest probabilities of rows and their tails: ids as <see cref="GapCoder"/> codes them, log probabilities in float16 (off by a 2,048th of themselves at most).</summary>
/// <param name="k">k of every row.</param>
/// <param name="vocabulary">V, which no id reaches; k is V at most.</param>
internal sealed class TopCodec(int k, int vocabulary)
{
    private const int HalfBits = 16;

    private readonly int _each = Math.Min(k, vocabulary);

    /// <summary>Packs rows.</summary>
    /// <param name="rows">All rows of a sample.</param>
    /// <param name="output">Where to.</param>
    public void Pack(IReadOnlyList<TopRow> rows, IBufferWriter<byte> output)
    {
        Varint.Write(output, rows.Count);
        var (encoder, gaps) = (new RangeEncoder(output), new GapCoder());
        foreach (var row in rows)
        {
            if (row.Ids.Length != _each)
                throw new ArgumentException($"A row has {row.Ids.Length} ids; expected {_each}.", nameof(rows));
            var previous = -1;
            for (var i = 0; i < _each; i++)
            {
                gaps.Write(encoder, previous, row.Ids[i]);
                WriteHalf(encoder, row.LogProbabilities[i]);
                previous = row.Ids[i];
            }

            WriteHalf(encoder, row.LogTail);
        }

        encoder.Finish();
    }

    /// <summary>Unpacks rows.</summary>
    /// <param name="packed">All that was packed.</param>
    /// <exception cref="InvalidDataException">It is something else.</exception>
    public TopRow[] Unpack(ReadOnlySpan<byte> packed)
    {
        var count = Varint.Read(ref packed);
        var decoder = new RangeDecoder(packed);
        var gaps = new GapCoder();
        if ((long)count * _each * HalfBits / 8 > packed.Length + 8L)
            throw new InvalidDataException($"{count} rows in {packed.Length} bytes");
        var rows = new TopRow[count];
        for (var row = 0; row < count; row++)
        {
            var (ids, values) = (new int[_each], new float[_each]);
            for (var (i, previous) = (0, -1); i < _each; previous = ids[i++])
            {
                var id = gaps.Read(ref decoder, previous);
                if (id >= vocabulary)
                    throw new InvalidDataException($"the id {id} of a vocabulary of {vocabulary}");
                ids[i] = (int)id;
                values[i] = ReadHalf(ref decoder);
            }

            rows[row] = new TopRow(ids, values, ReadHalf(ref decoder));
        }

        return rows;
    }

    private static void WriteHalf(RangeEncoder encoder, float value) => encoder.WriteEven(BitConverter.HalfToUInt16Bits((Half)value), HalfBits);

    private static float ReadHalf(ref RangeDecoder decoder) => (float)BitConverter.UInt16BitsToHalf((ushort)decoder.ReadEven(HalfBits));
}
