namespace Decant.Compression.Quantization.Numbers;

/// <summary>Rows of weights in blocks with a scale each, as integers of 2, 4 or 8 bits, packed from the low bits of a byte on.</summary>
/// <param name="Packed">The integers: per row all its blocks, the last one filled up with its zero point where <c>FillLastBlock</c> was asked.</param>
/// <param name="Scales">Per row one for each block.</param>
/// <param name="ZeroPoints">Per row one for each block, packed like the integers and every row on a byte of its own; null where all are the middle of the range (symmetric).</param>
internal sealed record BlockWeights(byte[] Packed, float[] Scales, byte[]? ZeroPoints)
{
    /// <summary>Rounds rows.</summary>
    /// <param name="rows">Row by row.</param>
    /// <param name="width">The length of a row.</param>
    /// <param name="format">Bits, block, symmetric or not.</param>
    /// <param name="fillLastBlock">Whether the last block of a row takes the room of a whole one.</param>
    public static BlockWeights Of(ReadOnlySpan<float> rows, int width, BlockFormat format, bool fillLastBlock)
    {
        var (count, blocks) = (rows.Length / width, (width + format.Size - 1) / format.Size);
        var stored = fillLastBlock ? blocks * format.Size : width;
        var packed = new byte[count * format.BytesOf(stored)];
        var scales = new float[count * blocks];
        var zeroPoints = format.Symmetric ? null : new byte[count * format.BytesOf(blocks)];
        for (var row = 0; row < count; row++)
            for (var block = 0; block < blocks; block++)
            {
                var start = block * format.Size;
                var values = rows.Slice((row * width) + start, Math.Min(format.Size, width - start));
                var scale = format.ScaleOf(values);
                scales[(row * blocks) + block] = scale.Scale;
                if (zeroPoints is not null)
                    format.Put(zeroPoints.AsSpan(row * format.BytesOf(blocks)), block, scale.ZeroPoint);
                var line = packed.AsSpan(row * format.BytesOf(stored), format.BytesOf(stored));
                for (var i = 0; i < values.Length; i++)
                    format.Put(line, start + i, scale.Quantize(values[i]));
                for (var i = start + values.Length; i < Math.Min(start + format.Size, stored); i++)
                    format.Put(line, i, scale.ZeroPoint);
            }

        return new BlockWeights(packed, scales, zeroPoints);
    }
}
