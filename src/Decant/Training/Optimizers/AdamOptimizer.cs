using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Decant.Torch;

namespace Decant.Training.Optimizers;

/// <summary>Options of <c>adam</c> and <c>adamw</c>.</summary>
public abstract record AdamFamilyOptions : OptimizerOptions
{
    /// <summary>β₁: how slowly the mean of the gradients moves; 0.9.</summary>
    [Range(0.0, 0.99999)]
    [Description("decay rate of the running mean of gradients")]
    public double Beta1 { get; init; } = 0.9;

    /// <summary>β₂: how slowly the mean of their squares moves; 0.999.</summary>
    [Range(0.0, 0.9999999)]
    [Description("decay rate of the running mean of squared gradients")]
    public double Beta2 { get; init; } = 0.999;

    /// <summary>ε: added to the denominator; 1e-8.</summary>
    [Range(0.0, 1.0)]
    [Description("added to the denominator for numerical stability")]
    public double Epsilon { get; init; } = 1e-8;
}

/// <summary>Options of <c>adam</c>.</summary>
public sealed record Adam : AdamFamilyOptions;

/// <summary>Options of <c>adamw</c>. Its default weight decay is 0.01, as in PyTorch.</summary>
public sealed record AdamW : AdamFamilyOptions
{
    /// <summary>AdamW's own default of the weight decay, 0.01.</summary>
    public AdamW() => WeightDecay = 0.01;
}

/// <summary>
/// Adam: m ← β₁·m + (1 − β₁)·g; v ← β₂·v + (1 − β₂)·g²; θ ← θ − lr·m̂ ÷ (√v̂ + ε), with m̂ and v̂ corrected for their start at 0.
/// Adam adds λ·θ to g; AdamW shrinks θ by lr·λ instead.
/// </summary>
/// <remarks>Kingma and Ba 2015, arXiv:1412.6980; Loshchilov and Hutter 2019, arXiv:1711.05101. As <c>torch.optim.Adam</c> and <c>AdamW</c>.</remarks>
internal sealed class AdamOptimizer(IReadOnlyList<ParameterGroup> groups, AdamFamilyOptions options) : Optimizer(groups)
{
    private readonly AdamFamilyOptions _options = options.Checked();
    private readonly bool _decoupled = options is AdamW;

    /// <inheritdoc/>
    public override string Kind => _decoupled ? "AdamW" : "Adam";

    /// <inheritdoc/>
    public override double? LearningRate => _options.LearningRate;

    /// <inheritdoc/>
    protected override void Update(ParameterGroupSlice share)
    {
        var (parameters, gradients) = (share.Parameters, share.Gradients);
        if (share.WeightDecay != 0 && _decoupled)
            Foreach.Mul(parameters, 1 - share.LearningRate * share.WeightDecay);
        else if (share.WeightDecay != 0)
            Foreach.Add(gradients, parameters, share.WeightDecay);

        var mean = StateOf("mean", share);
        var square = StateOf("square", share);
        Foreach.Lerp(mean, gradients, 1 - _options.Beta1);
        Foreach.Mul(square, _options.Beta2);
        Foreach.AddProduct(square, gradients, gradients, 1 - _options.Beta2);

        // m̂ ÷ (√v̂ + ε) with both corrections drawn out of the tensors: m·(c₂ ÷ c₁) ÷ (√v + ε·c₂).
        var correction1 = 1 - Math.Pow(_options.Beta1, share.Update);
        var correction2 = Math.Sqrt(1 - Math.Pow(_options.Beta2, share.Update));
        var denominator = Foreach.Sqrt(square);
        Foreach.Add(denominator, _options.Epsilon * correction2);
        Foreach.AddQuotient(parameters, mean, denominator, -share.LearningRate * correction2 / correction1);
    }
}
