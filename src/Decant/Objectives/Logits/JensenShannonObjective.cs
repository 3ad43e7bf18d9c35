using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Decant.Data.Batching;
using Decant.Torch;

namespace Decant.Objectives.Logits;

/// <summary>Options of <c>jensen-shannon</c>.</summary>
public sealed record JensenShannon : DivergenceOptions
{
    /// <summary>β: the teacher's share of the mixture; 0 is the forward KL divergence, 1 the reverse one; 0.5.</summary>
    [Range(0.0, 1.0)]
    [Description("weight of the teacher in the mixture; 0: forward, 1: reverse KL divergence")]
    public double Beta { get; init; } = 0.5;
}

/// <summary>
/// Generalised Jensen–Shannon divergence: per sample τ²·(β·KL(p ‖ M) + (1 − β)·KL(q ‖ M)), M = β·p + (1 − β)·q. At β = 0 and 1, where this is 0 for all p
/// and q, it is defined as the forward and the reverse KL divergence.
/// </summary>
/// <remarks>Agarwal et al. 2024 (GKD), arXiv:2306.13649, eq. 1 and the text after it. Never above τ²·ln 2 at β = ½.</remarks>
internal sealed class JensenShannonObjective : Divergence
{
    private readonly double _beta;

    /// <summary>The objective with its options.</summary>
    /// <param name="options">β, temperature and scale.</param>
    /// <exception cref="DecantException">β or the temperature is out of range.</exception>
    public JensenShannonObjective(JensenShannon? options = null) : base(options ??= new()) => _beta = options.Beta;

    /// <inheritdoc/>
    public override string Kind => "jensen-shannon";

    /// <inheritdoc/>
    protected override Tensor PerRow(Tensor logP, Tensor logQ, Batch batch) => Between(logP, logQ, _beta);

    /// <summary>The divergence of every row.</summary>
    internal static Tensor Between(Tensor logP, Tensor logQ, double beta)
    {
        if (beta == 0)
            return LogProbabilities.KullbackLeibler(logP, logQ);
        if (beta == 1)
            return ReverseKlObjective.Between(logP, logQ);
        (logP, logQ) = (LogProbabilities.Floored(logP), LogProbabilities.Floored(logQ));
        var mixture = LogProbabilities.Mixture(logP, logQ, beta);                                                   // [R, C]
        return LogProbabilities.KullbackLeibler(logP, mixture) * beta + LogProbabilities.KullbackLeibler(logQ, mixture) * (1 - beta);
    }
}
