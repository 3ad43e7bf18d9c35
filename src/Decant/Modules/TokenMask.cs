using Decant.Torch;

namespace Decant.Modules;

/// <summary>What is done with masks [B, T] (bool, true where there is a token).</summary>
internal static class TokenMask
{
    /// <summary>The name under which <see cref="ToAttentionBias"/> is one operator to whoever records it: mask, heads.</summary>
    internal const string BiasName = "decant::padding_bias";

    // Large enough that exp() of it is exactly 0, small enough that a score beside it does not overflow: a row that is masked
    // altogether then has equal weights instead of NaN.
    private const double Out = -1e30;
    private const double OutHalf = -3e4;

    /// <summary>
    /// The mask as a term that is added to attention scores: 0 for tokens, so far below zero for padding that its weight is exactly 0.
    /// </summary>
    /// <param name="mask">[B, T] bool.</param>
    /// <param name="heads">A, the number of heads.</param>
    /// <param name="dtype">The scores' type.</param>
    /// <returns>[B·A, 1, T], for <see cref="MultiHeadAttention.Forward"/>.</returns>
    public static Tensor ToAttentionBias(Tensor mask, long heads, DType dtype = DType.Float32)
    {
        ArgumentNullException.ThrowIfNull(mask);
        return OperatorListener.IsAnyOpen ? CompositeOperator.Call(BiasName, [mask, heads], () => [MakeBias(mask, heads, dtype)])[0]! : MakeBias(mask, heads, dtype);
    }

    private static Tensor MakeBias(Tensor mask, long heads, DType dtype)
    {
        var (batch, length) = (mask.Size(0), mask.Size(1));
        using var scope = TensorScope.Open();
        var bias = mask.Not().To(dtype).Mul(Blocked(dtype)); // [B, T]
        return scope.Keep(bias.Unsqueeze(1).Expand(batch, heads, length).Reshape(batch * heads, 1, length));
    }

    /// <summary>The mean of the tokens of every text; 0 where there is none.</summary>
    /// <param name="input">[B, T, H].</param>
    /// <param name="mask">[B, T] bool; null: all are tokens.</param>
    /// <returns>[B, H].</returns>
    public static Tensor Mean(Tensor input, Tensor? mask)
    {
        ArgumentNullException.ThrowIfNull(input);
        if (mask is null)
            return input.Mean(1);
        using var scope = TensorScope.Open();
        var weights = mask.To(input.DType); // [B, T]
        weights = weights.Div(weights.Sum(1, keep: true).Clamp(1)); // Σ = 1
        return scope.Keep(weights.Unsqueeze(1).BatchMatMul(input).Squeeze(1)); // [B, 1, T]·[B, T, H]
    }

    /// <summary>The largest of the tokens of every text, by element; 0 where there is none.</summary>
    /// <param name="input">[B, T, H].</param>
    /// <param name="mask">[B, T] bool; null: all are tokens.</param>
    /// <returns>[B, H].</returns>
    public static Tensor Max(Tensor input, Tensor? mask)
    {
        ArgumentNullException.ThrowIfNull(input);
        if (mask is null)
            return input.Max(1);
        using var scope = TensorScope.Open();
        var most = input.MaskedFill(mask.Not().Unsqueeze(-1), double.NegativeInfinity).Max(1); // [B, H]
        var none = mask.To(DType.Int64).Sum(1, keep: true).EqualTo(0); // [B, 1]
        return scope.Keep(most.MaskedFill(none, 0));
    }

    /// <summary>The last token of every text, wherever its padding stands; the first position where there is none.</summary>
    /// <param name="input">[B, T, H].</param>
    /// <param name="mask">[B, T] bool; null: all are tokens.</param>
    /// <returns>[B, H].</returns>
    public static Tensor Last(Tensor input, Tensor? mask)
    {
        ArgumentNullException.ThrowIfNull(input);
        if (mask is null)
            return input.Select(1, -1);
        using var scope = TensorScope.Open();
        var positions = Tensor.Arange(0, mask.Size(1), device: mask.Device); // [T]
        var last = mask.To(DType.Int64).Mul(positions).Max(1, keep: true); // [B, 1]
        return scope.Keep(input.Gather(1, last.Unsqueeze(-1).Expand(input.Size(0), 1, input.Size(2))).Squeeze(1));
    }

    /// <summary>Whether padding stands at the ends of texts alone, where what reads from left to right never sees it.</summary>
    /// <param name="mask">[B, T] bool.</param>
    public static bool IsAtTheEnd(Tensor mask)
    {
        ArgumentNullException.ThrowIfNull(mask);
        using var scope = TensorScope.Open();
        var width = mask.Size(1);
        return mask.Narrow(1, 1, width - 1).And(mask.Narrow(1, 0, width - 1).Not()).Any().Item() == 0;
    }

    /// <summary>How many tokens every text has. Tokens come first: padding stands at the end.</summary>
    /// <param name="mask">[B, T] bool.</param>
    /// <exception cref="ArgumentException">A text has padding before a token.</exception>
    public static long[] Lengths(Tensor mask)
    {
        ArgumentNullException.ThrowIfNull(mask);
        var (batch, width) = (checked((int)mask.Size(0)), checked((int)mask.Size(1)));
        var flags = mask.ToArray<bool>();
        var lengths = new long[batch];
        for (var row = 0; row < batch; row++)
        {
            var tokens = flags.AsSpan(row * width, width);
            lengths[row] = tokens.LastIndexOf(true) + 1;
            if (tokens.Count(true) != lengths[row])
                throw new ArgumentException($"Padding stands at the end of a text, but row {row} of the mask has padding before a token.", nameof(mask));
        }

        return lengths;
    }

    /// <summary>What is added to a score that is not to count.</summary>
    internal static double Blocked(DType dtype) => dtype == DType.Float16 ? OutHalf : Out;
}
