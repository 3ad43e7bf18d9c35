using System.ComponentModel;
using Decant.Data.Batching;
using Decant.Signals;
using Decant.Torch;

namespace Decant.Objectives.Relations;

/// <summary>Options of <c>pair-similarity</c>.</summary>
public sealed record PairSimilarity : ObjectiveOptions
{
    /// <summary>The score of two texts that are not alike at all, which corresponds to a cosine of 0; null: the lowest score of the training samples.</summary>
    [Description("score that corresponds to a cosine of 0; default: the lowest of the training samples")]
    public double? LowestScore { get; init; }

    /// <summary>The score of two texts that mean the same, which corresponds to a cosine of 1; null: the highest score of the training samples.</summary>
    [Description("score that corresponds to a cosine of 1; default: the highest of the training samples")]
    public double? HighestScore { get; init; }
}

/// <summary>
/// How alike the two texts of a pair are: per pair (cos(u, v) − (y − y₀) ÷ (y₁ − y₀))², u and v the student's two vectors, y the score of the data, y₀ and y₁ the lowest and
/// the highest score. Pairs without a score, and single texts, do not count. It needs no teacher.
/// </summary>
/// <remarks>
/// Reimers and Gurevych 2019 (Sentence-BERT), arXiv:1908.10084, §3, regression objective; CosineSimilarityLoss of sentence-transformers. Deviations: scores are scaled to
/// 0 … 1 here, where there the data is to be scaled before; norms below 10⁻³ count as 10⁻³, so that the gradient stays bounded where a vector is next to nothing.
/// </remarks>
internal sealed class PairSimilarityObjective : IObjective
{
    private const double LeastNorm = 1e-3;

    private readonly double _lowest;
    private readonly double _range;

    /// <summary>The objective with its options.</summary>
    /// <param name="options">What the scores range over.</param>
    /// <param name="context">The training; its scores give what the options leave open.</param>
    /// <exception cref="DecantException">The scores range over nothing.</exception>
    public PairSimilarityObjective(PairSimilarity? options = null, ObjectiveContext? context = null)
    {
        options = (options ?? new()).Checked();
        var (lowest, highest) = (options.LowestScore ?? context?.Numbers?.Least ?? 0, options.HighestScore ?? context?.Numbers?.Most ?? 1);
        if (!(highest > lowest) || !double.IsFinite(highest - lowest))
        {
            throw new DecantException(FormattableString.Invariant(
                $"pair-similarity: the scores range from {lowest} to {highest}; expected a lowest score below the highest. Say 'lowest-score' and 'highest-score', such as 0 and 5."));
        }

        (_lowest, _range) = (lowest, highest - lowest);
    }

    /// <inheritdoc/>
    public string Kind => "pair-similarity";

    /// <inheritdoc/>
    public SignalKinds Needs => SignalKinds.None;

    /// <summary>False: the two rows of a pair are compared.</summary>
    public bool IsRowwise => false;

    /// <inheritdoc/>
    public long Count(Batch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        return Pairs(batch)?.First.Size(0) ?? 0;
    }

    /// <inheritdoc/>
    public LossSum Compute(StudentOutput student, TeacherSignal? teacher, Batch batch)
    {
        ArgumentNullException.ThrowIfNull(student);
        ArgumentNullException.ThrowIfNull(batch);
        if (Pairs(batch) is not { First: var first, Second: var second } || first.Size(0) == 0)                         // [P]
            return LossSum.Nothing();
        using var scope = TensorScope.Open();
        var vectors = student.Logits.To(DType.Float32);                                                             // [R, D]
        var wanted = (batch.Labels.IndexSelect(0, first).Squeeze(1) - _lowest) / _range;                            // [P]
        var cosines = (Unit(vectors.IndexSelect(0, first)) * Unit(vectors.IndexSelect(0, second))).Sum(1); // [P]
        return new(scope.Keep((cosines - wanted).Square().Sum()), first.Size(0));
    }

    private static Tensor Unit(Tensor rows) => rows / rows.Norm([1], keep: true).Clamp(min: LeastNorm);

    /// <summary>The rows of every pair with a score.</summary>
    private static (Tensor First, Tensor Second)? Pairs(Batch batch)
    {
        if (batch.LabelledCount == 0 || batch.RowsPerSample is null)
            return null;
        if (batch.Labels.DType != DType.Float32)
        {
            throw new DecantException(
                $"pair-similarity: the data has labels of {batch.Labels.DType}, and scores of pairs are wanted, {DType.Float32} [{batch.Rows}, 1]; give the source a 'pair' and a 'target'.");
        }

        return batch.ScoredPairs;
    }
}
