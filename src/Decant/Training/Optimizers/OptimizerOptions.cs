using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace Decant.Training.Optimizers;

/// <summary>What every optimizer has in a recipe.</summary>
public abstract record OptimizerOptions
{
    /// <summary>The highest learning rate; the schedule multiplies it.</summary>
    [Range(1e-12, 1e6)]
    [Description("peak learning rate")]
    public required double LearningRate { get; init; }

    /// <summary>Decay of weights, as the optimizer's page says; on matrices and filters, not on biases and norms unless <see cref="DecayAll"/>.</summary>
    [Range(0.0, 1e3)]
    [Description("weight decay")]
    public double WeightDecay { get; init; }

    /// <summary>Decays biases and the parameters of norms as well; false.</summary>
    [Description("apply weight decay to biases and normalization parameters too")]
    public bool DecayAll { get; init; }
}
