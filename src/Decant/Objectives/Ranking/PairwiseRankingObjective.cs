using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Decant.Data.Batching;
using Decant.Signals;
using Decant.Torch;

namespace Decant.Objectives.Ranking;

/// <summary>Options of <c>pairwise-ranking</c>.</summary>
public sealed record PairwiseRanking : RankingOptions
{
    /// <summary>τ: divides the differences of both models' scores before the sigmoid; 1.</summary>
    [Description("temperature of the differences of both models' scores")]
    [Range(0.01, 1000.0)]
    public double Temperature { get; init; } = 1;
}

/// <summary>
/// Which of two documents stands before the other: per query the mean over all pairs of its documents of KL(p ‖ q) of two outcomes, p = σ((t_i − t_j) ÷ τ) the teacher's probability that i comes first,
/// q = σ((s_i − s_j) ÷ τ) the student's; times τ². 0 where both agree. Every query counts, labelled or not.
/// </summary>
/// <remarks>RankNet (Burges et al. 2005, eq. 3) with the teacher's probabilities as the targets, less their entropy.</remarks>
internal sealed class PairwiseRankingObjective(PairwiseRanking? options = null) : RankingObjective("pairwise-ranking", (options ?? new()).Checked())
{
    private readonly double _temperature = options?.Temperature ?? 1;

    /// <inheritdoc/>
    public override SignalKinds Needs => SignalKinds.DenseLogits;

    private protected override Tensor Sum(Tensor answers, Tensor? teacher, Batch batch, RankedRows ranked)
    {
        var own = DocumentPairs.Differences(ranked.ByQuery(ScoresOf(answers, batch), 0)) / _temperature;            // [B, K, K]
        var taught = DocumentPairs.Differences(ranked.ByQuery(teacher!, 0)) / _temperature;
        var p = taught.Sigmoid();
        var losses = (p * (own.Neg().Softplus() - taught.Neg().Softplus())) + ((1 - p) * (own.Softplus() - taught.Softplus()));
        return DocumentPairs.MeansOver(DocumentPairs.All(ranked), losses).Sum() * (_temperature * _temperature);
    }
}
