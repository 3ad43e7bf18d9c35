using Decant.Signals;
using Decant.Torch;

namespace Decant.Objectives.Relations;

/// <summary>Options of <c>similarity-preserving</c>.</summary>
public sealed record SimilarityPreserving : RelationOptions;

/// <summary>
/// Similarity of samples (SP): ‖G_s − G_t‖²_F ÷ B², G the products of all pairs of samples, F·Fᵀ, each row divided by its length. 0 where both agree; the same
/// however the student's space is turned or scaled.
/// </summary>
/// <remarks>Tung and Mori 2019, arXiv:1907.09682, §3. Images are represented by all their values, C·H·W of them.</remarks>
internal sealed class SimilarityPreservingObjective : RelationObjective
{
    /// <summary>The objective with its options.</summary>
    /// <param name="options">What represents a sample.</param>
    /// <param name="context">The training; null: paths are not checked.</param>
    /// <exception cref="DecantException">A path leads nowhere.</exception>
    public SimilarityPreservingObjective(SimilarityPreserving? options = null, ObjectiveContext? context = null)
        : base("similarity-preserving", options ?? new SimilarityPreserving(), context)
    {
    }

    /// <inheritdoc/>
    protected override bool KeepsPlanes => true;

    /// <inheritdoc/>
    protected override Tensor Mean(Tensor student, Tensor teacher) => (Similarities(student) - Similarities(teacher)).Square().Mean();

    private static Tensor Similarities(Tensor vectors) => RelationMath.Directions(vectors.MatMul(vectors.Transpose(0, 1))); // [B, B]
}
