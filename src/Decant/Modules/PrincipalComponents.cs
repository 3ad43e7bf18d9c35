using Decant.Torch;

namespace Decant.Modules;

/// <summary>Principal components, exactly: the eigenvectors of the covariance matrix, in float64 on the CPU.</summary>
internal static class PrincipalComponents
{
    private static readonly Operator s_eigh = new("aten::linalg_eigh");
    private static readonly Operator s_flip = new("aten::flip");
    private static readonly Operator s_gather = new("aten::gather");
    private static readonly Operator s_sign = new("aten::sign");

    /// <summary>The rows' coordinates along the components of the largest variances, largest first.</summary>
    /// <param name="rows">[N, H], H ≥ <paramref name="count"/>.</param>
    /// <param name="count">D, how many components.</param>
    /// <returns>
    /// [N, D] float32 of the rows less their mean, and the share of the variance that they have. The sign of a component is such that its entry of the largest magnitude is positive, so the same rows
    /// give the same coordinates.
    /// </returns>
    public static (Tensor Coordinates, double Share) Project(Tensor rows, long count)
    {
        using var scope = TensorScope.Open();
        using var noGrad = Autograd.NoGrad();
        var (mean, directions, share) = Of(rows, count);
        return (scope.Keep((rows.To(Device.Cpu).To(DType.Float64) - mean).MatMul(directions).To(DType.Float32)), share);
    }

    /// <summary>The components of the largest variances, largest first.</summary>
    /// <param name="rows">[N, H], H ≥ <paramref name="count"/>.</param>
    /// <param name="count">D, how many components.</param>
    /// <returns>The mean row [1, H], the directions [H, D], each of length 1, and the share of the variance that they have; float64 on the CPU. The signs are those of <see cref="Project"/>.</returns>
    public static (Tensor Mean, Tensor Directions, double Share) Of(Tensor rows, long count)
    {
        using var scope = TensorScope.Open();
        using var noGrad = Autograd.NoGrad();
        var all = rows.To(Device.Cpu).To(DType.Float64);
        var mean = all.Mean(0, keep: true);                                           // [1, H]
        var centred = all - mean;                                                     // [N, H]
        var covariance = centred.Transpose(0, 1).MatMul(centred) / Math.Max(1, centred.Size(0) - 1);
        var eigen = s_eigh.CallMany(covariance, "L");
        var (variances, vectors) = (eigen[0]!, eigen[1]!);                            // [H] rising, [H, H] columns
        var chosen = s_flip.Call(vectors.Narrow(1, vectors.Size(1) - count, count), new long[] { 1 });
        chosen = chosen * s_sign.Call(s_gather.Call(chosen, 0L, chosen.Abs().ArgMax(0, keep: true)));
        var share = variances.Narrow(0, variances.Size(0) - count, count).Sum().Item() / Math.Max(variances.Sum().Item(), double.Epsilon);
        return (scope.Keep(mean), scope.Keep(chosen), share);
    }
}
