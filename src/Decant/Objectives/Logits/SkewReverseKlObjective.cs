using Decant.Data.Batching;
using Decant.Torch;

namespace Decant.Objectives.Logits;

/// <summary>Options of <c>skew-reverse-kl</c>.</summary>
public sealed record SkewReverseKl : SkewOptions;

/// <summary>Skew reverse KL divergence: per sample τ²·KL(q ‖ (1 − λ)·p + λ·q). At most τ²·ln(1 ÷ λ).</summary>
/// <remarks>Ko et al. 2024 (DistiLLM), arXiv:2402.03898, §3.1.</remarks>
internal sealed class SkewReverseKlObjective : Divergence
{
    private readonly double _skew;

    /// <summary>The objective with its options.</summary>
    /// <param name="options">λ, temperature and scale.</param>
    /// <exception cref="DecantException">λ or the temperature is out of range.</exception>
    public SkewReverseKlObjective(SkewReverseKl? options = null) : base(options ??= new()) => _skew = options.Skew;

    /// <inheritdoc/>
    public override string Kind => "skew-reverse-kl";

    /// <inheritdoc/>
    protected override Tensor PerRow(Tensor logP, Tensor logQ, Batch batch) => SkewKlObjective.Between(logQ, logP, _skew);
}
