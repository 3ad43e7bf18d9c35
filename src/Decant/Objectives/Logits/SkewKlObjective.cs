using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Decant.Data.Batching;
using Decant.Torch;

namespace Decant.Objectives.Logits;

/// <summary>Options of <c>skew-kl</c> and <c>skew-reverse-kl</c>.</summary>
public abstract record SkewOptions : DivergenceOptions
{
    /// <summary>λ: the share of the first distribution that is mixed into the second one; 0.1.</summary>
    [Range(0.001, 0.999)]
    [Description("skew: weight of the first distribution in the mixture")]
    public double Skew { get; init; } = 0.1;
}

/// <summary>Options of <c>skew-kl</c>.</summary>
public sealed record SkewKl : SkewOptions;

/// <summary>Skew KL divergence: per sample τ²·KL(p ‖ λ·p + (1 − λ)·q). At most τ²·ln(1 ÷ λ), however wrong the student is.</summary>
/// <remarks>Ko et al. 2024 (DistiLLM), arXiv:2402.03898, §3.1, with the teacher's entropy.</remarks>
internal sealed class SkewKlObjective : Divergence
{
    private readonly double _skew;

    /// <summary>The objective with its options.</summary>
    /// <param name="options">λ, temperature and scale.</param>
    /// <exception cref="DecantException">λ or the temperature is out of range.</exception>
    public SkewKlObjective(SkewKl? options = null) : base(options ??= new()) => _skew = options.Skew;

    /// <inheritdoc/>
    public override string Kind => "skew-kl";

    /// <inheritdoc/>
    protected override Tensor PerRow(Tensor logP, Tensor logQ, Batch batch) => Between(logP, logQ, _skew);

    /// <summary>KL(a ‖ λ·a + (1 − λ)·b) of every row.</summary>
    internal static Tensor Between(Tensor logA, Tensor logB, double skew)
    {
        (logA, logB) = (LogProbabilities.Floored(logA), LogProbabilities.Floored(logB));
        return LogProbabilities.KullbackLeibler(logA, LogProbabilities.Mixture(logA, logB, skew));
    }
}
