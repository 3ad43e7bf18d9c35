using Decant.Torch;

namespace Decant.Compression.Pruning;

/// <summary>Means over the tokens of a sample that are no padding.</summary>
internal static class TokenMeans
{
    /// <summary>[B, T, N] to [B, N].</summary>
    /// <param name="values">The values.</param>
    /// <param name="mask">[B, T] bool, true where there is a token; null: everywhere.</param>
    public static Tensor Of(Tensor values, Tensor? mask)
    {
        if (mask is null)
            return values.Mean(1);
        var weights = mask.To(values.DType).Unsqueeze(2); // [B, T, 1]
        return values.Mul(weights).Sum(1).Div(weights.Sum(1).Clamp(min: 1));
    }
}
