using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Decant.Torch;

namespace Decant.Training.Optimizers;

/// <summary>Options of <c>sgd</c>.</summary>
public sealed record Sgd : OptimizerOptions
{
    /// <summary>μ: the share of the last update that is kept; 0.</summary>
    [Range(0.0, 0.9999)]
    [Description("momentum factor")]
    public double Momentum { get; init; }

    /// <summary>Looks ahead along the momentum; false. Needs momentum.</summary>
    [Description("Nesterov momentum")]
    public bool Nesterov { get; init; }
}

/// <summary>Stochastic gradient descent: g ← g + λ·θ; v ← μ·v + g; θ ← θ − lr·v, or θ − lr·(g + μ·v) with Nesterov's look-ahead.</summary>
/// <remarks>As <c>torch.optim.SGD</c> with dampening 0: the learning rate is outside of the momentum.</remarks>
internal sealed class SgdOptimizer : Optimizer
{
    private readonly Sgd _options;

    /// <summary>The optimizer of these parameters.</summary>
    /// <exception cref="DecantException">Nesterov's look-ahead without momentum, or a number out of range.</exception>
    public SgdOptimizer(IReadOnlyList<ParameterGroup> groups, Sgd options) : base(groups)
    {
        _options = options.Checked();
        if (options.Nesterov && options.Momentum == 0)
            throw new DecantException("sgd: nesterov looks ahead along the momentum, and the momentum is 0; set momentum: 0.9 or leave nesterov out.");
    }

    /// <inheritdoc/>
    public override double? LearningRate => _options.LearningRate;

    /// <inheritdoc/>
    protected override void Update(ParameterGroupSlice share)
    {
        var (parameters, gradients) = (share.Parameters, share.Gradients);
        if (share.WeightDecay != 0)
            Foreach.Add(gradients, parameters, share.WeightDecay);
        if (_options.Momentum == 0)
        {
            Foreach.Add(parameters, gradients, -share.LearningRate);
            return;
        }

        var velocity = StateOf("momentum", share);
        Foreach.MulAdd(velocity, _options.Momentum, gradients);
        if (_options.Nesterov)
            Foreach.Add(gradients, velocity, _options.Momentum);
        Foreach.Add(parameters, _options.Nesterov ? gradients : velocity, -share.LearningRate);
    }
}
