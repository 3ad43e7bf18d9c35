using Decant.Signals;
using Decant.Torch;

namespace Decant.Objectives.Relations;

/// <summary>Options of <c>relation-distance</c>.</summary>
public sealed record RelationDistance : RelationOptions;

/// <summary>
/// Distances between the samples of a batch (RKD-D): the mean over all B² pairs of smoothL1(d_s(i, j) − d_t(i, j)), d the Euclidean distance divided by the mean
/// of those above 0, for each model by itself. 0 where both agree; invariant to scaling of the student's space.
/// </summary>
/// <remarks>
/// Park et al. 2019, arXiv:1904.05068, §3.2. As in the authors' program, the mean runs over all B² entries, the zeros of the diagonal included.
/// </remarks>
internal sealed class RelationDistanceObjective : RelationObjective
{
    private const double Euclidean = 2;
    private const double NotZero = 1e-12;

    // Differences, not |a|² + |b|² − 2·a·b: that loses all digits of near neighbours far from the origin.
    private const long WithoutProducts = 2;
    private static readonly Operator s_distances = new("aten::cdist");

    /// <summary>The objective with its options.</summary>
    /// <param name="options">What represents a sample.</param>
    /// <param name="context">The training; null: paths are not checked.</param>
    /// <exception cref="DecantException">A path leads nowhere.</exception>
    public RelationDistanceObjective(RelationDistance? options = null, ObjectiveContext? context = null)
        : base("relation-distance", options ?? new RelationDistance(), context)
    {
    }

    /// <inheritdoc/>
    protected override Tensor Mean(Tensor student, Tensor teacher) => RelationMath.SmoothL1Mean(Relative(student), Relative(teacher));

    private static Tensor Relative(Tensor vectors)
    {
        var distances = s_distances.Call(vectors, vectors, Euclidean, WithoutProducts);                             // [B, B]; no gradient where 0
        var positive = distances.Greater(0).To(DType.Float32).Sum().Clamp(min: 1);
        return distances / (distances.Sum() / positive).Clamp(min: NotZero);                                        // all 0 where all samples are one
    }
}
