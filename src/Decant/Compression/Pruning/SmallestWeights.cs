using Decant.Torch;

namespace Decant.Compression.Pruning;

/// <summary>Finds the smallest of some numbers.</summary>
internal static class SmallestWeights
{
    /// <summary>True for exactly so many of the smallest; of equal ones for the first.</summary>
    /// <param name="sizes">[N], not below 0.</param>
    /// <param name="count">From 0 to N.</param>
    /// <returns>[N] bool.</returns>
    public static Tensor Of(Tensor sizes, long count)
    {
        using var scope = TensorScope.Open();
        if (count <= 0)
            return scope.Keep(sizes.Less(0));
        var largest = sizes.KthValue(count);
        var (less, ties) = (sizes.Less(largest), sizes.EqualTo(largest));
        var places = ties.To(DType.Int64).CumSum(0);
        return scope.Keep(less.Or(ties.And(places.LessOrEqual(count - (long)less.To(DType.Int64).Sum().Item()))));
    }

    /// <summary>True for the smallest of every four numbers next to each other along the last dimension.</summary>
    /// <param name="sizes">[out, in], in a multiple of four.</param>
    /// <param name="count">How many of four, from 0 to 4.</param>
    /// <returns>[out, in] bool.</returns>
    public static Tensor OfFour(Tensor sizes, int count)
    {
        using var scope = TensorScope.Open();
        if (count == 0)
            return scope.Keep(sizes.Less(0));
        var groups = sizes.Reshape(-1, 4);
        var order = groups.Sort(1).Indices.Narrow(1, 0, count);
        return scope.Keep(groups.ZerosLike().Scatter(1, order, 1).NotEqualTo(0).View(sizes.Shape));
    }
}
