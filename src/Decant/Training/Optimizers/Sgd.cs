using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Decant.Torch;

namespace Decant.Training;

/// <summary>Options of <c>sgd</c>.</summary>
public sealed record SgdOptions : OptimizerOptions
{
    /// <summary>μ: the share of the last update that is kept; 0.</summary>
    [Range(0.0, 0.9999)]
    [Description("share of the last update that is kept")]
    public double Momentum { get; init; }

    /// <summary>Looks ahead along the momentum; false. Needs momentum.</summary>
    [Description("look ahead along the momentum")]
    public bool Nesterov { get; init; }
}

/// <summary>Stochastic gradient descent: g ← g + λ·θ; v ← μ·v + g; θ ← θ − lr·v, or lr·(g + μ·v) with Nesterov's look-ahead.</summary>
/// <remarks>As <c>torch.optim.SGD</c> with dampening 0: the learning rate is outside of the momentum.</remarks>
public sealed class Sgd(IReadOnlyList<ParameterGroup> groups, SgdOptions options) : Optimizer(groups)
{
    /// <inheritdoc/>
    protected override void Update(string[] names, Tensor[] parameters, Tensor[] gradients, double weightDecay, double learningRate)
    {
        if (weightDecay != 0)
            Foreach.Add(gradients, parameters, weightDecay);
        if (options.Momentum == 0)
        {
            Foreach.Add(parameters, gradients, -learningRate);
            return;
        }

        var velocity = StateOf("momentum", names, parameters);
        Foreach.Mul(velocity, options.Momentum);
        Foreach.Add(velocity, gradients);
        if (options.Nesterov)
        {
            Foreach.Add(parameters, gradients, -learningRate);
            Foreach.Add(parameters, velocity, -learningRate * options.Momentum);
        }
        else
        {
            Foreach.Add(parameters, velocity, -learningRate);
        }
    }
}
