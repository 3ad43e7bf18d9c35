using Decant.Compression.Quantization.Numbers;
using Decant.Modules;
using Decant.Torch;

namespace Decant.Compression.Quantization.Training;

/// <summary>Integers in blocks that stay as they were found, with scales and zero points that are learned: a small part of the numbers, for machines that cannot train them all.</summary>
/// <remarks>
/// w = (q − z)·s, s = s₀·(1 + a), z = round(z₀ + b) within the integers, with a and b learned from 0 and the gradient straight through the rounding: the second phase of EfficientQAT, Chen et al. 2024,
/// arXiv:2407.11062, there for s alone. Where blocks are symmetric, z stays in the middle.
/// </remarks>
internal sealed class LearnedBlockRounding : OperandRounding, IDisposable
{
    private readonly BlockRounding _blocks;
    private readonly bool _transposed;
    private readonly long _width;
    private readonly Parts _parts;

    /// <summary>Finds the integers of weights.</summary>
    /// <param name="format">Bits, block, symmetric or not.</param>
    /// <param name="transposed">Whether the weights are stored [in, out].</param>
    /// <param name="weight">The weights as they are.</param>
    public LearnedBlockRounding(BlockFormat format, bool transposed, Tensor weight)
    {
        (_blocks, _transposed) = (new BlockRounding(format, transposed), transposed);
        using var scope = TensorScope.Open();
        using var noGrad = Autograd.NoGrad();
        var rows = transposed ? weight.Detach().Transpose(0, 1) : weight.Detach();
        _width = rows.Size(-1);
        var blocks = _blocks.Blocks(rows);
        var (scale, zero) = _blocks.ScalesOf(blocks);
        var integers = BlockRounding.Integers(blocks, scale, zero, format);
        _parts = new Parts(integers.To(DType.UInt8), scale, zero, format.Symmetric ? null : Moving(integers, format));
    }

    /// <summary>The rounding that finds the same integers in the weights that are left.</summary>
    public OperandRounding OfWeights => _blocks;

    /// <inheritdoc/>
    public override Module Trained => _parts;

    /// <summary>The rounded weights; the given ones are not read.</summary>
    public override Tensor Weight(Tensor weight)
    {
        using var scope = TensorScope.Open();
        var values = _parts.Weights(_blocks.Format).Reshape(_parts.Rows, -1).Narrow(1, 0, _width);
        return scope.Keep(_transposed ? values.Transpose(0, 1) : values);
    }

    /// <summary>Releases the integers, and what was learned.</summary>
    public void Dispose() => _parts.Dispose();

    // Whoever reads the weights finds a block's scale by its smallest and largest number and 0. Only where the integers go from end to end is that the learned one, wherever the zero point lies; else it stays at the end
    // that no number has. So it does in a last block that is filled up.
    private Tensor Moving(Tensor integers, BlockFormat format)
    {
        var most = (1 << format.Bits) - 1;
        var moves = integers.Min([2], keep: true).EqualTo(0).And(integers.Max([2], keep: true).EqualTo(most)).To(DType.Float32); // [N, blocks, 1]
        if (_width % format.Size != 0)
            moves.Narrow(1, moves.Size(1) - 1, 1).FillInPlace(0);
        return moves;
    }

    private sealed class Parts : Module
    {
        private readonly Tensor _integers;
        private readonly Tensor _firstScale;
        private readonly Tensor _firstZero;
        private readonly Tensor _scale;
        private readonly Tensor? _zero;
        private readonly Tensor? _moving; // 1 where the zero point may move, 0 where it may not

        public Parts(Tensor integers, Tensor scale, Tensor zero, Tensor? moving)
        {
            _integers = RegisterBuffer("integers", integers);
            _firstScale = RegisterBuffer("first_scale", scale);
            _firstZero = RegisterBuffer("first_zero_point", zero);
            _scale = RegisterParameter("scale", scale.Detach().ZerosLike());
            if (moving is null)
                return;
            _moving = RegisterBuffer("moving_zero_point", moving);
            _zero = RegisterParameter("zero_point", zero.Detach().ZerosLike());
        }

        public long Rows => _integers.Size(0);

        /// <summary>[N, blocks, size].</summary>
        public Tensor Weights(BlockFormat format)
        {
            var zero = _firstZero;
            if (_zero is { } moved)
            {
                var wanted = _firstZero + (moved * _moving!);
                zero = StraightThrough(wanted, wanted.Detach().Round().Clamp(0, (1 << format.Bits) - 1));
            }

            return (_integers.To(DType.Float32) - zero) * (_firstScale * (_scale + 1));
        }
    }
}
