using System.ComponentModel;
using Decant.Data.Batching;
using Decant.Signals;
using Decant.Torch;

namespace Decant.Objectives.Ranking;

/// <summary>Options of <c>ranking-labels</c>.</summary>
public sealed record RankingLabels : RankingOptions
{
    /// <summary>Whether the documents of the other queries of a batch count as not relevant too, for a student that makes vectors; true. A student that gives scores has not seen them with the query, so for it nothing changes.</summary>
    [Description("for a student that makes vectors: the documents of the other queries of the batch count as not relevant too")]
    public bool InBatchNegatives { get; init; } = true;
}

/// <summary>
/// Cross-entropy of a query's documents with their grades: per query −Σ_k (g_k ÷ Σ g)·log softmax(s)_k, s the student's scores, g the grades. Queries without grades do not count. It needs no teacher.
/// </summary>
/// <remarks>
/// ListNet's top-one cross-entropy (Cao et al. 2007) with the grades themselves for the probabilities; with one relevant document InfoNCE, and with the documents of the batch MultipleNegativesRankingLoss
/// of sentence-transformers. A document with the text of a relevant one is not known to be another: give a batch of queries that have none in common.
/// </remarks>
internal sealed class RankingLabelsObjective(RankingLabels? options = null) : RankingObjective("ranking-labels", (options ?? new()).Checked())
{
    private readonly RankingLabels _options = options ?? new();

    /// <inheritdoc/>
    public override SignalKinds Needs => SignalKinds.None;

    private protected override Tensor Sum(Tensor answers, Tensor? teacher, Batch batch, RankedRows ranked)
    {
        var grades = ranked.Grades(batch.Labels);                                                                   // [P]
        var known = grades.MaskedFill(grades.NotEqualTo(grades), 0);
        var shares = ranked.ByQuery(known, 0);                                                                      // [B, K]
        shares = shares / shares.Sum([1], keep: true).Clamp(min: 1e-12);
        var scores = ScoresOf(answers, batch);                                                                      // [P]
        var all = _options.InBatchNegatives && batch.Ranking == RankingForm.Vectors
            ? ranked.ScoresOfAll(answers, _options.CosineScale).LogSumExp(-1, keep: true)                           // [B, 1]
            : ranked.ByQuery(scores, double.NegativeInfinity).LogSumExp(-1, keep: true);
        return (shares * (all - ranked.ByQuery(scores, 0))).Sum();
    }
}
