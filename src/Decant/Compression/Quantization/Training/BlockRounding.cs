using Decant.Compression.Quantization.Numbers;
using Decant.Modules;
using Decant.Torch;

namespace Decant.Compression.Quantization.Training;

/// <summary>Integers of few bits in blocks with a scale each, as <see cref="BlockWeights"/> has them.</summary>
/// <param name="format">Bits, block, symmetric or not.</param>
/// <param name="transposed">Whether the weights are stored [in, out], so that a block lies along the first dimension.</param>
internal sealed class BlockRounding(BlockFormat format, bool transposed = false) : OperandRounding
{
    private static readonly Operator s_pad = new("aten::constant_pad_nd");

    /// <summary>Bits, block, symmetric or not.</summary>
    public BlockFormat Format => format;

    /// <inheritdoc/>
    public override Tensor Weight(Tensor weight)
    {
        using var scope = TensorScope.Open();
        var values = transposed ? weight.Detach().Transpose(0, 1) : weight.Detach();
        var rounded = Rounded(values);
        return scope.Keep(StraightThrough(weight, transposed ? rounded.Transpose(0, 1) : rounded));
    }

    /// <summary>Rows in blocks, [N, K] to [N, blocks, size]. The numbers that fill up a last block are 0, which every block can hold and no scale depends on.</summary>
    public Tensor Blocks(Tensor rows)
    {
        var missing = (format.Size - (rows.Size(1) % format.Size)) % format.Size;
        var filled = missing == 0 ? rows : s_pad.Call(rows, new[] { 0, missing }, 0.0);
        return filled.Reshape(rows.Size(0), -1, format.Size);
    }

    /// <summary>The integers of blocks, as float32.</summary>
    public static Tensor Integers(Tensor blocks, Tensor scale, Tensor zero, BlockFormat format) => blocks.Div(scale).Round().Add(zero).Clamp(0, (1 << format.Bits) - 1);

    // [.., K] to the same.
    private Tensor Rounded(Tensor values)
    {
        var width = values.Size(-1);
        var blocks = Blocks(values.Reshape(-1, width));
        var (scale, zero) = ScalesOf(blocks);
        return Integers(blocks, scale, zero, format).Sub(zero).Mul(scale).Reshape(blocks.Size(0), -1).Narrow(1, 0, width).Reshape([.. values.Shape]);
    }

    /// <summary>Scale and zero point of every block, [N, blocks, 1] float32.</summary>
    public (Tensor Scale, Tensor Zero) ScalesOf(Tensor blocks)
    {
        var (least, most) = (blocks.Min([2], keep: true), blocks.Max([2], keep: true));
        if (!format.Symmetric)
            return Scales.Asymmetric(least, most, (1 << format.Bits) - 1);
        var half = 1 << (format.Bits - 1);
        (least, most) = (least.Clamp(max: 0), most.Clamp(min: 0));
        var largest = Tensor.Where(least.Neg().GreaterOrEqual(most), least, most);
        var scale = Scales.Normal(largest.Div(-half));
        return (scale, scale.ZerosLike().Add(half));
    }
}
