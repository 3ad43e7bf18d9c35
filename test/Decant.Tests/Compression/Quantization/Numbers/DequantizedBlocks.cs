using Decant.Compression.Quantization.Numbers;

namespace Decant.Tests.Compression.Quantization.Numbers;

/// <summary>The numbers that blocks stand for, by the definition.</summary>
internal static class DequantizedBlocks
{
    public static float[] Of(BlockWeights blocks, int width, BlockFormat format, bool filled)
    {
        var count = (width + format.Size - 1) / format.Size;
        var line = format.BytesOf(filled ? count * format.Size : width);
        var values = new float[blocks.Packed.Length / line * width];
        for (var i = 0; i < values.Length; i++)
        {
            var (row, column) = (i / width, i % width);
            var zero = blocks.ZeroPoints is { } zeros ? format.Get(zeros.AsSpan(row * format.BytesOf(count)), column / format.Size) : 1 << (format.Bits - 1);
            values[i] = (format.Get(blocks.Packed.AsSpan(row * line), column) - zero) * blocks.Scales[(row * count) + (column / format.Size)];
        }

        return values;
    }
}
