using Decant.Signals;
using Decant.Torch;

namespace Decant.Objectives.Features;

/// <summary>Options of <c>attention-probabilities</c>.</summary>
public sealed record AttentionProbabilities : AttentionMapOptions;

/// <summary>Forward KL divergence of attention: per token the mean over heads of Σ_k p·(log p − log q), over the keys k that the token sees. 0 where both agree.</summary>
/// <remarks>Wang et al. 2020 (MiniLM), arXiv:2002.10957, §3.1. Computed from scores, by log-softmax; averages of heads and mixtures of layers are of probabilities.</remarks>
internal sealed class AttentionProbabilitiesObjective : AttentionMapObjective
{
    // Far below any score, and finite: a row of nothing but hidden keys is even, not NaN.
    private const double Out = -1e30;

    /// <summary>The objective with its options.</summary>
    /// <param name="options">Layers and heads.</param>
    /// <param name="context">The models with the attention that is compared.</param>
    /// <exception cref="DecantException">There are no such layers, or their heads do not fit.</exception>
    public AttentionProbabilitiesObjective(AttentionProbabilities options, ObjectiveContext context) : base("attention-probabilities", options, context)
    {
    }

    private protected override Tensor PerToken(int pair, AttentionHeads heads, Tensor student, Tensor[] teachers, Tensor hidden)
    {
        var logQ = LogMean(student, heads, hidden);                                                                 // [B, h, T, S]
        var logP = Mixed(pair, Array.ConvertAll(teachers, t => LogMean(t, heads, hidden)));                         // [B, h, T, S]
        return (logP.Exp() * (logP - logQ)).Sum([1, 3]) / heads.Common;
    }

    private Tensor Mixed(int pair, Tensor[] logP) => Weights.LogShares(pair) is { } shares
        ? (Tensor.Stack(logP, -1) + shares).LogSumExp(-1)
        : logP[0];

    // The logarithm of the average over the heads of a group.
    private static Tensor LogMean(Tensor scores, AttentionHeads heads, Tensor hidden)
    {
        var logs = heads.Grouped(scores.MaskedFill(hidden, Out).LogSoftmax(-1));                                    // [B, h, heads of one, T, S]
        return logs.Size(2) == 1 ? logs.Squeeze(2) : logs.LogSumExp(2) - Math.Log(logs.Size(2));
    }
}
