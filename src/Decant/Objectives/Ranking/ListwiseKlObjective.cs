using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Decant.Data.Batching;
using Decant.Signals;
using Decant.Torch;

namespace Decant.Objectives.Ranking;

/// <summary>Options of <c>listwise-kl</c>.</summary>
public sealed record ListwiseKl : RankingOptions
{
    /// <summary>τ: divides both models' scores before the softmax; 1. The gradient is multiplied by τ², so that it does not shrink as τ grows.</summary>
    [Description("temperature of both models' scores")]
    [Range(0.01, 1000.0)]
    public double Temperature { get; init; } = 1;
}

/// <summary>
/// Kullback–Leibler divergence of the shares of a query's documents: per query τ²·Σ_k p_k·log(p_k ÷ q_k), p the softmax of the teacher's scores ÷ τ over the documents of the query, q the student's. 0 where
/// both agree but for a constant. Every query counts, labelled or not.
/// </summary>
/// <remarks>The top-one probabilities of ListNet (Cao et al. 2007) with the teacher's scores for the relevances, as rerankers are distilled (Ren et al. 2021, RocketQAv2, arXiv:2110.07367, eq. 4), less the teacher's entropy.</remarks>
internal sealed class ListwiseKlObjective(ListwiseKl? options = null) : RankingObjective("listwise-kl", (options ?? new()).Checked())
{
    private readonly double _temperature = options?.Temperature ?? 1;

    /// <inheritdoc/>
    public override SignalKinds Needs => SignalKinds.DenseLogits;

    private protected override Tensor Sum(Tensor answers, Tensor? teacher, Batch batch, RankedRows ranked)
    {
        var (logQ, logP) = (Shares(ScoresOf(answers, batch)), Shares(teacher!));                                    // [B, K]
        var losses = logP.Exp() * (logP.MaskedFill(ranked.IsEmpty, 0) - logQ.MaskedFill(ranked.IsEmpty, 0));
        return losses.Sum() * (_temperature * _temperature);

        Tensor Shares(Tensor scores) => ranked.ByQuery(scores / _temperature, double.NegativeInfinity).LogSoftmax(-1);
    }
}
