namespace Decant.Torch;

/// <summary>The shapes of the answers of operators that libtorch 1.13 has no kernel without memory for.</summary>
internal static class ShapeRules
{
    private static readonly Dictionary<string, Func<Arguments, long[][]>> s_rules = new(StringComparer.Ordinal)
    {
        ["aten::relu"] = Like,
        ["aten::dropout"] = Like,
        ["aten::batch_norm"] = Like,
        ["aten::layer_norm"] = Like,
        ["aten::cumsum"] = Like,
        ["aten::roll"] = Like,
        ["aten::tril"] = Like,
        ["aten::masked_fill"] = Like,
        ["aten::embedding"] = a => [[.. a.Shape(1), a.Shape(0)[1]]],
        ["aten::index_select"] = a => [Replaced(a.Shape(0), a.Int(1), a.Shape(2)[0])],
        ["aten::conv1d"] = Convolution,
        ["aten::conv2d"] = Convolution,
        ["aten::adaptive_avg_pool2d"] = a => [[.. a.Shape(0)[..^2], .. a.Ints(1)]],
        ["aten::lstm.input"] = Lstm,
    };

    /// <summary>The shapes of an operator's answers; null: libtorch finds them itself.</summary>
    /// <param name="op">The operator.</param>
    /// <param name="arguments">What it is called with; the answers are of the first tensor's type.</param>
    public static long[][]? Of(Operator op, ReadOnlySpan<Arg> arguments) => s_rules.TryGetValue(op.ToString(), out var rule) || s_rules.TryGetValue(op.Name, out rule)
        ? rule(new Arguments(arguments.ToArray()))
        : null;

    /// <summary>The shape of what a convolution gives.</summary>
    /// <param name="arguments">Input, weight, bias, stride, padding, dilation.</param>
    public static long[] Convolved(ReadOnlySpan<Arg> arguments) => Convolution(new Arguments(arguments.ToArray()))[0];

    private static long[][] Like(Arguments a) => [a.Shape(0)];

    private static long[] Replaced(long[] shape, long dimension, long size)
    {
        var copy = (long[])shape.Clone();
        copy[dimension < 0 ? dimension + shape.Length : dimension] = size;
        return copy;
    }

    // [B, C, …] and [out, C ÷ groups, k…], stride, padding, dilation; one number applies to all dimensions.
    private static long[][] Convolution(Arguments a)
    {
        var (input, weight) = (a.Shape(0), a.Shape(1));
        var places = new long[input.Length - 2];
        for (var i = 0; i < places.Length; i++)
        {
            var span = (At(5, 1) * (weight[i + 2] - 1)) + 1;
            places[i] = ((input[i + 2] + (2 * At(4, 0)) - span) / At(3, 1)) + 1;
            if (places[i] < 1)
                throw new TorchException($"A kernel of {weight[i + 2]} does not fit into [{string.Join(", ", input)}] with a padding of {At(4, 0)}.");

            long At(int argument, long standard) => a.Ints(argument) is { Length: > 0 } list ? list[Math.Min(i, list.Length - 1)] : standard;
        }

        return [[input[0], weight[0], .. places]];
    }

    // [B, T, in] and a state [layers·directions, B, H].
    private static long[][] Lstm(Arguments a)
    {
        var (input, state) = (a.Shape(0), a.Tensors(1)[0]!.Shape);
        var directions = a.Flag(7) ? 2 : 1;
        return [[input[0], input[1], state[2] * directions], state, state];
    }

    private readonly struct Arguments(Arg[] all)
    {
        public long[] Shape(int index) => ((Tensor)all[index].Native.Reference!).Shape;

        public long Int(int index) => all[index].Native.Bits;

        public bool Flag(int index) => all[index].Native.Bits != 0;

        public long[] Ints(int index) => index < all.Length ? all[index].Native.Reference as long[] ?? [] : [];

        public Tensor?[] Tensors(int index) => (Tensor?[])all[index].Native.Reference!;
    }
}
