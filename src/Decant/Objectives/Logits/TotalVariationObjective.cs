using System.ComponentModel;
using Decant.Data.Batching;
using Decant.Torch;

namespace Decant.Objectives.Logits;

/// <summary>Options of <c>total-variation</c>.</summary>
public sealed record TotalVariation : TemperedOptions
{
    /// <summary>Multiplies by τ²; false, for the gradient shrinks with τ alone.</summary>
    [Description("multiply the loss by the temperature squared")]
    public bool ScaleByTemperatureSquared { get; init; }
}

/// <summary>Total variation distance: per sample ½·Σ |p − q|, from 0 to 1. 0 where both agree.</summary>
/// <remarks>Wen et al. 2023 (f-distill), arXiv:2307.15190, §3.</remarks>
internal sealed class TotalVariationObjective : Divergence
{
    /// <summary>The objective with its options.</summary>
    /// <param name="options">Temperature and scale.</param>
    /// <exception cref="DecantException">The temperature is out of range.</exception>
    public TotalVariationObjective(TotalVariation? options = null) : base((options ??= new()).Checked().Temperature, options.ScaleByTemperatureSquared)
    {
    }

    /// <inheritdoc/>
    public override string Kind => "total-variation";

    /// <inheritdoc/>
    protected override Tensor PerRow(Tensor logP, Tensor logQ, Batch batch) => (logP.Exp() - logQ.Exp()).Abs().Sum(-1) * 0.5;
}
