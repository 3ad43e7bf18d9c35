using Decant.Signals;
using Decant.Torch;

namespace Decant.Objectives.Relations;

/// <summary>Options of <c>relation-angle</c>.</summary>
public sealed record RelationAngle : RelationOptions;

/// <summary>
/// Angles between the samples of a batch (RKD-A): the mean over all B³ triples of smoothL1(cos_s(i; j, k) − cos_t(i; j, k)), cos the cosine of the angle at i
/// between j and k. 0 where both agree; invariant to scaling, translation and rotation of the student's space.
/// </summary>
/// <remarks>
/// Park et al. 2019, arXiv:1904.05068, §3.2; the mean runs over all B³ entries, as in the authors' program. B³ numbers are never there at once: some i at a time.
/// </remarks>
internal sealed class RelationAngleObjective : RelationObjective
{
    private readonly long _most;

    /// <summary>The objective with its options.</summary>
    /// <param name="options">What represents a sample.</param>
    /// <param name="context">The training; null: paths are not checked.</param>
    /// <exception cref="DecantException">A path leads nowhere.</exception>
    public RelationAngleObjective(RelationAngle? options = null, ObjectiveContext? context = null)
        : this(options, context, 4 << 20)
    {
    }

    /// <summary>The same with another bound on its memory.</summary>
    /// <param name="options">What represents a sample.</param>
    /// <param name="context">The training.</param>
    /// <param name="most">How many numbers an array has at most, where one i alone does not have more.</param>
    internal RelationAngleObjective(RelationAngle? options, ObjectiveContext? context, long most)
        : base("relation-angle", options ?? new RelationAngle(), context) => _most = most;

    /// <inheritdoc/>
    /// <remarks>The gradient is worked out along with the value: left to the graph, it would hold the arrays of all i.</remarks>
    protected override Tensor Mean(Tensor student, Tensor teacher)
    {
        using var scope = TensorScope.Open();
        var isRecorded = Autograd.IsEnabled && student.RequiresGrad;
        var own = student.Detach();
        own.RequiresGrad = isRecorded;
        var size = student.Size(0);
        var atOnce = Math.Clamp(_most / (size * Math.Max(size, Math.Max(student.Size(1), teacher.Size(1)))), 1, size);
        Tensor? mean = null;
        for (var first = 0L; first < size; first += atOnce)
        {
            using var inner = TensorScope.Open();
            var count = Math.Min(atOnce, size - first);
            var part = RelationMath.SmoothL1Sum(Cosines(own, first, count), Cosines(teacher, first, count)) / ((double)size * size * size);
            if (isRecorded)
                part.Backward();
            mean = inner.Keep(mean is null ? part.Detach() : mean + part.Detach());
        }

        return scope.Keep(isRecorded ? Autograd.WithGradients(mean!, [student], [own.Grad!]) : mean!);
    }

    private static Tensor Cosines(Tensor vectors, long first, long count)
    {
        var towards = RelationMath.Directions(vectors.Unsqueeze(0) - vectors.Narrow(0, first, count).Unsqueeze(1)); // [b, B, D]
        return towards.BatchMatMul(towards.Transpose(1, 2));                                                        // [b, B, B]
    }
}
