using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Decant.Models.Configuration;

namespace Decant.Models.Cnn;

/// <summary>The options of <c>kind: cnn</c>; the defaults are PyTorch's classic MNIST example, but for the dropout of a student.</summary>
public sealed record CnnOptions : NetworkOptions
{
    /// <summary>The channels of every convolution; 32, 64.</summary>
    [Description("Output channels of each convolution.")]
    public IReadOnlyList<int> Channels { get; init; } = [32, 64];

    /// <summary>The side of the convolutions' window; 3.</summary>
    [Description("Kernel size of the convolutions, in pixels.")]
    [Range(1, 15)]
    public int Kernel { get; init; } = 3;

    /// <summary>Zeros around the image before every convolution; 0.</summary>
    [Description("Zero padding of the convolutions, in pixels.")]
    [Range(0, 7)]
    public int Padding { get; init; }

    /// <summary>The side of the max-pooling window; 2, and 1 is no pooling.</summary>
    [Description("Max-pooling window, in pixels; 1: no pooling.")]
    [Range(1, 15)]
    public int Pool { get; init; } = 2;

    /// <summary>After how many convolutions there is a pooling, and one after the last; 2.</summary>
    [Description("Pool after every this many convolutions, and after the last.")]
    [Range(1, 100)]
    public int PoolEvery { get; init; } = 2;

    /// <summary>The width of the linear layer before the logits; 128.</summary>
    [Description("Width of the linear layer before the output layer.")]
    [Range(1, 100_000)]
    public int Hidden { get; init; } = 128;

    /// <summary>The probability of dropout behind the last pooling, in training; null: 0 for a model that learns from a teacher, 0.25 for others.</summary>
    [Description("Dropout probability after the convolutions; default: 0.25, and 0 for a model that learns from a teacher.")]
    [Range(0.0, 0.95)]
    public double? FeatureDropout { get; init; }

    /// <summary>The probability of dropout before the logits, in training; null: 0 for a model that learns from a teacher, 0.5 for others.</summary>
    [Description("Dropout probability before the output layer; default: 0.5, and 0 for a model that learns from a teacher.")]
    [Range(0.0, 0.95)]
    public double? Dropout { get; init; }
}
