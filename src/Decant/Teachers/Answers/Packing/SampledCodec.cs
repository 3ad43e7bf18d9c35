using System.Buffers;

namespace Decant.Teachers.Answers.Packing;

/// <summary>
/// Packs sampled ids with their counts: rows side by side in one arithmetic code whose probabilities are learned over the rows of a sample. Where an end is needs no bit: the counts
/// of a row sum to the number of draws.
/// </summary>
/// <param name="draws">N of every row, 1 to 65,535.</param>
/// <param name="vocabulary">V, which no id reaches.</param>
/// <param name="hasScales">Whether rows have scales, a byte for each id.</param>
internal sealed class SampledCodec(int draws, int vocabulary, bool hasScales)
{
    private const int ScaleBits = 8;
    private const long MostRowsPerByte = 4096; // a row of a teacher that is always sure takes a hundredth of a bit

    /// <summary>Packs rows.</summary>
    /// <param name="rows">All rows of a sample.</param>
    /// <param name="output">Where to.</param>
    public void Pack(IReadOnlyList<SampledRow> rows, IBufferWriter<byte> output)
    {
        Varint.Write(output, rows.Count);
        var (encoder, gaps, counts, scales) = (new RangeEncoder(output), new GapCoder(), new CountCoder(draws), new BitModel(1 << ScaleBits));
        foreach (var row in rows)
        {
            var (left, previous) = (draws, -1);
            for (var i = 0; i < row.Ids.Length; i++)
            {
                gaps.Write(encoder, previous, row.Ids[i]);
                counts.Write(encoder, row.Counts[i], left);
                if (hasScales)
                    WriteScale(encoder, scales, row.Scales![i]);
                previous = row.Ids[i];
                left -= row.Counts[i];
            }

            if (left != 0)
                throw new ArgumentException($"Counts sum to {draws - left}; expected {draws}, the number of draws.", nameof(rows));
        }

        encoder.Finish();
    }

    /// <summary>Unpacks rows.</summary>
    /// <param name="packed">All that was packed.</param>
    /// <exception cref="InvalidDataException">It is something else.</exception>
    public SampledRow[] Unpack(ReadOnlySpan<byte> packed)
    {
        var count = Varint.Read(ref packed);
        if (count > MostRowsPerByte * (packed.Length + 1))
            throw new InvalidDataException($"{count} rows in {packed.Length} bytes");
        var decoder = new RangeDecoder(packed);
        var (gaps, counts, scales) = (new GapCoder(), new CountCoder(draws), new BitModel(1 << ScaleBits));
        var rows = new List<SampledRow>(Math.Min(count, packed.Length));
        List<int> ids = [], often = [];
        List<byte> weights = [];
        for (var row = 0; row < count; row++)
        {
            ids.Clear();
            often.Clear();
            weights.Clear();
            for (var (left, previous) = (draws, -1); left > 0; left -= often[^1])
            {
                var id = gaps.Read(ref decoder, previous);
                if (id >= vocabulary)
                    throw new InvalidDataException($"the id {id} of a vocabulary of {vocabulary}");
                ids.Add(previous = (int)id);
                often.Add(counts.Read(ref decoder, left));
                if (often[^1] > left)
                    throw new InvalidDataException($"a count of {often[^1]} where {left} draws are left");
                if (hasScales)
                    weights.Add(ReadScale(ref decoder, scales));
            }

            rows.Add(new SampledRow([.. ids], [.. often], hasScales ? [.. weights] : null));
        }

        return [.. rows];
    }

    private static void WriteScale(RangeEncoder encoder, BitModel model, byte scale)
    {
        var node = 1;
        for (var at = ScaleBits - 1; at >= 0; at--)
        {
            var bit = (scale >> at) & 1;
            encoder.Write(model, node, bit);
            node = 2 * node + bit;
        }
    }

    private static byte ReadScale(ref RangeDecoder decoder, BitModel model)
    {
        var node = 1;
        while (node < 1 << ScaleBits)
            node = 2 * node + decoder.Read(model, node);
        return (byte)node;
    }
}
