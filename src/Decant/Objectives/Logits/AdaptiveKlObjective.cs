using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Decant.Data.Batching;
using Decant.Torch;

namespace Decant.Objectives.Logits;

/// <summary>Options of <c>adaptive-kl</c>.</summary>
public sealed record AdaptiveKl : DivergenceOptions
{
    /// <summary>μ: the head is the teacher's most probable classes, as many as together have at most this probability, and always the most probable one; default: 0.5.</summary>
    [Range(0.0, 1.0)]
    [Description("the most probable classes whose probabilities sum to at most this are the head")]
    public double HeadMass { get; init; } = 0.5;
}

/// <summary>
/// Forward and reverse KL divergence, each sample's mixed by where its student is wrong: per sample τ²·(w·KL(p ‖ q) + (1 − w)·KL(q ‖ p)), w the share of
/// Σ |p − q| that lies in the head of p. The weights are no part of the gradient; where both agree they are ½.
/// </summary>
/// <remarks>Wu et al. 2024, arXiv:2404.02657, §4.3, eq. 11–13, and the authors' code for the most probable class, which is in the head at any probability.</remarks>
internal sealed class AdaptiveKlObjective : Divergence
{
    private readonly double _headMass;

    /// <summary>The objective with its options.</summary>
    /// <param name="options">The head, temperature and scale.</param>
    /// <exception cref="DecantException">The head or the temperature is out of range.</exception>
    public AdaptiveKlObjective(AdaptiveKl? options = null) : base(options ??= new()) => _headMass = options.HeadMass;

    /// <inheritdoc/>
    public override string Kind => "adaptive-kl";

    /// <inheritdoc/>
    protected override Tensor PerRow(Tensor logP, Tensor logQ, Batch batch)
    {
        var forward = Forward(logP.Detach().Exp(), logQ.Detach().Exp());                                                     // [R]
        return forward * LogProbabilities.KullbackLeibler(logP, logQ) + (1 - forward) * ReverseKlObjective.Between(logP, logQ);
    }

    /// <summary>w of every row [R].</summary>
    private Tensor Forward(Tensor p, Tensor q)
    {
        var (sorted, order) = p.Sort(-1, descending: true);
        var isHead = sorted.CumSum(-1).LessOrEqual(_headMass);                                                      // [R, C]
        isHead.Narrow(-1, 0, 1).FillInPlace(1);
        var gap = (sorted - q.Gather(-1, order)).Abs();                                                             // [R, C]
        var whole = gap.Sum(-1);                                                                                    // [R]
        return (gap.MaskedFill(isHead.Not(), 0).Sum(-1) / whole).MaskedFill(whole.EqualTo(0), 0.5);
    }
}
