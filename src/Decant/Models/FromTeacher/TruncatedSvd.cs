using Decant.Torch;

namespace Decant.Models.FromTeacher;

/// <summary>The singular value decomposition of a matrix, in float64 on the CPU, and the nearest matrix of a low rank in two factors (Eckart and Young 1936).</summary>
internal sealed class TruncatedSvd
{
    private static readonly Operator s_svd = new("aten::linalg_svd");

    private readonly Tensor _left;
    private readonly Tensor _values;
    private readonly Tensor _right;

    /// <summary>Decomposes.</summary>
    /// <param name="matrix">[M, N], of finite numbers; stays as it is.</param>
    /// <param name="what">What it is, for messages.</param>
    /// <exception cref="DecantException">A number is not finite.</exception>
    /// <remarks>Its tensors belong to the open scope.</remarks>
    public TruncatedSvd(Tensor matrix, string what)
    {
        using var noGrad = Autograd.NoGrad();
        if (matrix.IsFinite().All().Item() == 0)
            throw new DecantException($"student.from-teacher: '{what}' of the teacher has numbers that are not finite, so it has no singular values. Load or train it again.");
        var parts = s_svd.CallMany(matrix.To(Device.Cpu).To(DType.Float64), false);
        (_left, _values, _right) = (parts[0]!, parts[1]!, parts[2]!); // [M, K], [K] falling, [K, N]
        SingularValues = _values.ToArray<double>();
    }

    /// <summary>σ, K = min(M, N) of them, largest first.</summary>
    public IReadOnlyList<double> SingularValues { get; }

    /// <summary>The smallest rank r with Σσ² of the first r at least a share of that of all.</summary>
    /// <param name="energy">The share, above 0 and at most 1.</param>
    /// <returns>From 1 to K.</returns>
    public int RankOf(double energy)
    {
        var wanted = energy * SingularValues.Sum(s => s * s);
        var sum = 0.0;
        for (var rank = 1; rank < SingularValues.Count; rank++)
        {
            sum += SingularValues[rank - 1] * SingularValues[rank - 1];
            if (sum >= wanted)
                return rank;
        }

        return SingularValues.Count;
    }

    /// <summary>The share of Σσ² that the first r have: 1 of a matrix of zeros.</summary>
    public double EnergyOf(int rank) => SingularValues.Sum(s => s * s) is var all && all > 0 ? SingularValues.Take(rank).Sum(s => s * s) / all : 1;

    /// <summary>U·√Σ and √Σ·Vᵀ of the first r singular values: both factors are of one size.</summary>
    /// <param name="rank">r, from 1 to K.</param>
    /// <returns>[M, r] and [r, N] float64 on the CPU, in the open scope.</returns>
    public (Tensor Left, Tensor Right) Factors(int rank)
    {
        using var noGrad = Autograd.NoGrad();
        var roots = _values.Narrow(0, 0, rank).Sqrt();
        return (_left.Narrow(1, 0, rank) * roots, _right.Narrow(0, 0, rank) * roots.View(rank, 1));
    }
}
