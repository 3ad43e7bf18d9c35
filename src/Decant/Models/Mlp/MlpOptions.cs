using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Decant.Modules;

namespace Decant.Models;

/// <summary>The options of <c>kind: mlp</c>.</summary>
public sealed record MlpOptions
{
    /// <summary>The width of every hidden layer; none: a linear classifier.</summary>
    [Description("Width of every hidden layer, from the input on; empty for a linear classifier.")]
    public IReadOnlyList<int> Hidden { get; init; } = [];

    /// <summary>The probability that a hidden unit is dropped in training; 0.</summary>
    [Description("Probability that a hidden unit is dropped in training.")]
    [Range(0.0, 0.95)]
    public double Dropout { get; init; }

    /// <summary>The probability that an input is dropped in training; 0.</summary>
    [Description("Probability that an input is dropped in training.")]
    [Range(0.0, 0.95)]
    public double InputDropout { get; init; }

    /// <summary>The function behind every hidden layer; ReLU.</summary>
    [Description("Function behind every hidden layer.")]
    public ActivationKind Activation { get; init; } = ActivationKind.Relu;
}
