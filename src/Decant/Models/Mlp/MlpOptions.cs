using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Decant.Models.Configuration;
using Decant.Modules;

namespace Decant.Models.Mlp;

/// <summary>The options of <c>kind: mlp</c>.</summary>
public sealed record MlpOptions : NetworkOptions
{
    /// <summary>The width of every hidden layer; none: a linear classifier.</summary>
    [Description("Width of each hidden layer, input side first; empty: a linear classifier.")]
    public IReadOnlyList<int> Hidden { get; init; } = [];

    /// <summary>The probability that a hidden unit is dropped in training; 0.</summary>
    [Description("Dropout probability of hidden units.")]
    [Range(0.0, 0.95)]
    public double Dropout { get; init; }

    /// <summary>The probability that an input is dropped in training; 0.</summary>
    [Description("Dropout probability of inputs.")]
    [Range(0.0, 0.95)]
    public double InputDropout { get; init; }

    /// <summary>The function behind every hidden layer; ReLU.</summary>
    [Description("Activation function of the hidden layers.")]
    public ActivationKind Activation { get; init; } = ActivationKind.Relu;
}
