using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Decant.Torch;

namespace Decant.Training.Optimizers;

/// <summary>Options of <c>rmsprop</c>.</summary>
public sealed record RmsProp : OptimizerOptions
{
    /// <summary>α: how slowly the mean of the squares moves; 0.99.</summary>
    [Range(0.0, 0.99999)]
    [Description("decay rate of the running mean of squared gradients")]
    public double Alpha { get; init; } = 0.99;

    /// <summary>ε: added to the denominator; 1e-8.</summary>
    [Range(0.0, 1.0)]
    [Description("added to the denominator for numerical stability")]
    public double Epsilon { get; init; } = 1e-8;

    /// <summary>μ: the share of the last update that is kept; 0.</summary>
    [Range(0.0, 0.9999)]
    [Description("momentum factor")]
    public double Momentum { get; init; }
}

/// <summary>RMSprop: v ← α·v + (1 − α)·g²; θ ← θ − lr·g ÷ (√v + ε), with momentum on that quotient.</summary>
/// <remarks>Hinton's lecture 6e of 2012. As <c>torch.optim.RMSprop</c>, not centred.</remarks>
internal sealed class RmsPropOptimizer(IReadOnlyList<ParameterGroup> groups, RmsProp options) : Optimizer(groups)
{
    private readonly RmsProp _options = options.Checked();

    /// <inheritdoc/>
    public override double? LearningRate => _options.LearningRate;

    /// <inheritdoc/>
    protected override void Update(ParameterGroupSlice share)
    {
        var (parameters, gradients) = (share.Parameters, share.Gradients);
        if (share.WeightDecay != 0)
            Foreach.Add(gradients, parameters, share.WeightDecay);
        var square = StateOf("square", share);
        Foreach.Mul(square, _options.Alpha);
        Foreach.AddProduct(square, gradients, gradients, 1 - _options.Alpha);
        var denominator = Foreach.Sqrt(square);
        Foreach.Add(denominator, _options.Epsilon);
        if (_options.Momentum == 0)
        {
            Foreach.AddQuotient(parameters, gradients, denominator, -share.LearningRate);
            return;
        }

        var velocity = StateOf("momentum", share);
        Foreach.Mul(velocity, _options.Momentum);
        Foreach.AddQuotient(velocity, gradients, denominator, 1);
        Foreach.Add(parameters, velocity, -share.LearningRate);
    }
}
