using Decant.Signals;
using Decant.Torch;

namespace Decant.Objectives.Relations;

/// <summary>Options of <c>similarity-matrix</c>.</summary>
public sealed record SimilarityMatrix : SimilarityOptions;

/// <summary>
/// Cosines between the samples of a batch: the mean over all pairs i ≠ j of (cos_s(i, j) − cos_t(i, j))². 0 where both agree; the same however either space is turned or scaled, so the widths may
/// differ and no projection is needed.
/// </summary>
/// <remarks>The mean squared error of the two matrices of cosine similarities, without their diagonals, which are 1.</remarks>
internal sealed class SimilarityMatrixObjective : SimilarityObjective
{
    /// <summary>The objective with its options.</summary>
    /// <param name="options">What represents a sample.</param>
    /// <param name="context">The training; null: paths are not checked.</param>
    /// <exception cref="DecantException">A path leads nowhere, or an option is out of range.</exception>
    public SimilarityMatrixObjective(SimilarityMatrix? options = null, ObjectiveContext? context = null) : base("similarity-matrix", options ?? new SimilarityMatrix(), context)
    {
    }

    /// <inheritdoc/>
    protected override Tensor Compare(Tensor student, Tensor teacher)
    {
        var pairs = student.Size(0) * (student.Size(0) - 1);
        return (student - teacher).MaskedFill(Diagonal(student), 0).Square().Sum() / pairs;
    }
}
