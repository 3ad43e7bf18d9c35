using Decant.Torch.Interop;

namespace Decant.Torch;

/// <summary>
/// Counts the floating-point operations of matrix products, convolutions, recurrent layers and attention that are called while it is open; a multiplication and an addition
/// count as two. What is done element by element is left out: beside those it is small.
/// </summary>
/// <remarks>It counts from shapes, so that tensors may have no memory (<see cref="ShapesOnly"/>), and flows with the caller as that does. Backward passes are libtorch's own, and not seen.</remarks>
internal sealed class FlopCounter : IDisposable
{
    private readonly Listener _listener = new();

    private FlopCounter()
    {
    }

    /// <summary>What was counted since it was opened.</summary>
    public long Flops => _listener.Flops;

    /// <summary>Begins to count; ends when disposed.</summary>
    public static FlopCounter Open() => new();

    /// <inheritdoc/>
    public void Dispose() => _listener.Dispose();

    private sealed class Listener : OperatorListener
    {
        public long Flops { get; private set; }

        protected override void OnCall(Operator op, ReadOnlySpan<Arg> arguments) => Flops += op.Name switch
        {
            "aten::linear" => Linear(Shape(arguments, 0), Shape(arguments, 1)),
            "aten::matmul" or "aten::mm" or "aten::bmm" or "aten::mv" or "aten::dot" => Product(Shape(arguments, 0), Shape(arguments, 1)),
            "aten::addmm" or "aten::addmm_" or "aten::baddbmm" or "aten::baddbmm_" or "aten::addmv" => Product(Shape(arguments, 1), Shape(arguments, 2)),
            "aten::outer" => 2 * Count(Shape(arguments, 0)) * Count(Shape(arguments, 1)),
            "aten::conv1d" or "aten::conv2d" or "aten::conv3d" => 2 * Count(ShapeRules.Convolved(arguments)) * Count(Shape(arguments, 1).AsSpan(1)),
            "aten::lstm" or "aten::gru" => Recurrent(op, arguments),
            "aten::scaled_dot_product_attention" => Attention(Shape(arguments, 0), Shape(arguments, 1), Shape(arguments, 2)),
            _ => 0,
        };

        // [.., in] and [out, in]
        private static long Linear(long[] input, long[] weight) => 2 * Count(input) * (weight.Length == 1 ? 1 : weight[0]);

        // [.., m, k] and [.., k, n], the dimensions before them broadcast; a vector has m or n of 1.
        private static long Product(long[] left, long[] right)
        {
            var (m, k) = (left.Length > 1 ? left[^2] : 1, left[^1]);
            var n = right.Length > 1 ? right[^1] : 1;
            var batch = 1L;
            for (var i = 3; i <= Math.Max(left.Length, right.Length); i++)
                batch *= Math.Max(i <= left.Length ? left[^i] : 1, i <= right.Length ? right[^i] : 1);
            return 2 * batch * m * k * n;
        }

        // Every step of every sequence takes each weight matrix once.
        private static long Recurrent(Operator op, ReadOnlySpan<Arg> arguments)
        {
            var isPacked = op.Overload == "data";
            var input = Shape(arguments, 0);
            var steps = isPacked ? input[0] : input[0] * input[1];
            var weights = (Tensor?[])arguments[isPacked ? 3 : 2].Native.Reference!;
            return 2 * steps * weights.Where(w => w!.Dimensions == 2).Sum(w => w!.ElementCount);
        }

        // [.., L, E], [.., S, E], [.., S, V]
        private static long Attention(long[] queries, long[] keys, long[] values) => 2 * (Count(queries) * keys[^2] + Count(queries) / queries[^1] * keys[^2] * values[^1]);

        private static long[] Shape(ReadOnlySpan<Arg> arguments, int index) =>
            arguments[index].Native is { Tag: NativeTag.Tensor, Reference: Tensor tensor } ? tensor.Shape : throw new InvalidOperationException($"Argument {index} of a counted operator is no tensor.");

        private static long Count(ReadOnlySpan<long> shape)
        {
            var count = 1L;
            foreach (var size in shape)
                count *= size;
            return count;
        }
    }
}
