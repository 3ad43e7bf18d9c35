using Decant.Data.Batching;
using Decant.Signals;
using Decant.Torch;

namespace Decant.Objectives.Ranking;

/// <summary>Options of <c>margin-mse</c>.</summary>
public sealed record MarginMse : RankingOptions;

/// <summary>
/// How far a relevant document is above another: per query the mean over pairs (i, j) of ((s_i − s_j) − (t_i − t_j))², s the student's scores and t the teacher's. The pairs are those of which i has the
/// higher grade; of a query without grades, all pairs.
/// </summary>
/// <remarks>
/// Hofstätter et al. 2020, arXiv:2010.02666, eq. 2, for one relevant document and one other. Deviations: all pairs of a query count, and queries without labels can be learned from. The size of the
/// teacher's scores is learned, not only their order.
/// </remarks>
internal sealed class MarginMseObjective(MarginMse? options = null) : RankingObjective("margin-mse", (options ?? new()).Checked())
{
    /// <inheritdoc/>
    public override SignalKinds Needs => SignalKinds.DenseLogits;

    private protected override Tensor Sum(Tensor answers, Tensor? teacher, Batch batch, RankedRows ranked)
    {
        var margins = DocumentPairs.Differences(ranked.ByQuery(ScoresOf(answers, batch), 0)) - DocumentPairs.Differences(ranked.ByQuery(teacher!, 0)); // [B, K, K]
        return DocumentPairs.MeansOver(DocumentPairs.Graded(batch, ranked), margins.Square()).Sum();
    }
}
