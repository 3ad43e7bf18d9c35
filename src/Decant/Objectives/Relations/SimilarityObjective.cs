using Decant.Signals;
using Decant.Torch;

namespace Decant.Objectives.Relations;

/// <summary>Compares the cosines between the samples of a batch; with Matryoshka dimensions, of the beginnings of the student's vectors too, each length with the same part.</summary>
/// <remarks>Beginnings of vectors: Kusupati et al. 2022, arXiv:2205.13147, §3, with equal parts.</remarks>
internal abstract class SimilarityObjective : RelationObjective
{
    private readonly IReadOnlyList<int> _lengths;

    /// <summary>An objective of some options.</summary>
    /// <param name="kind">Its kind in recipes.</param>
    /// <param name="options">What represents a sample, and which beginnings of it are compared.</param>
    /// <param name="context">The training; null: nothing is checked before the first batch.</param>
    /// <exception cref="DecantException">A path leads nowhere, or a beginning is not shorter than the student's vector.</exception>
    protected SimilarityObjective(string kind, SimilarityOptions options, ObjectiveContext? context) : base(kind, options, context)
    {
        _lengths = options.Matryoshka;
        if (_lengths.Count > 0 && !ReadsLogits && context?.Student.ShapeOf(StudentFeatures[0]) is [.., var width] and { Count: 2 })
            CheckShorter(width);
    }

    /// <inheritdoc/>
    protected sealed override Tensor Mean(Tensor student, Tensor teacher)
    {
        CheckShorter(student.Size(1));
        var wanted = Cosines(teacher);                                                                              // [B, B]
        var total = Compare(Cosines(student), wanted);
        foreach (var length in _lengths)
            total += Compare(Cosines(student.Narrow(1, 0, length)), wanted);
        return _lengths.Count == 0 ? total : total / (_lengths.Count + 1);
    }

    /// <summary>The mean over the relations of a batch.</summary>
    /// <param name="student">The student's cosines [B, B] float32, part of the graph; the diagonal, a sample with itself, means nothing.</param>
    /// <param name="teacher">The teacher's.</param>
    /// <returns>A scalar.</returns>
    protected abstract Tensor Compare(Tensor student, Tensor teacher);

    /// <summary>[B, B] bool: the diagonal.</summary>
    protected static Tensor Diagonal(Tensor square) => Tensor.Eye(square.Size(0), device: square.Device).To(DType.Bool);

    private static Tensor Cosines(Tensor vectors)
    {
        var directions = RelationMath.Directions(vectors);
        return directions.MatMul(directions.Transpose(0, 1));
    }

    private void CheckShorter(long width)
    {
        if (_lengths.Any(length => length >= width))
            throw new DecantException($"{Kind}: matryoshka is [{string.Join(", ", _lengths)}], and the student's vector has {width} numbers; expected fewer dimensions than that, the whole vector is compared anyway.");
    }
}
