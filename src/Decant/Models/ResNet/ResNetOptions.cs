using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Decant.Models.Configuration;

namespace Decant.Models.ResNet;

/// <summary>The two published kinds of residual block for CIFAR.</summary>
public enum ResNetVariant
{
    /// <summary>He et al. 2016a, section 4.2: convolution, norm, ReLU; depths 6n + 2.</summary>
    Basic,

    /// <summary>Wide residual networks (Zagoruyko 2016): norm and ReLU come first; depths 6n + 4.</summary>
    Wide,
}

/// <summary>How an image passes a block that changes its size.</summary>
public enum ResNetShortcut
{
    /// <summary>Option A: every second pixel, new channels filled with zeros. No parameters.</summary>
    Pad,

    /// <summary>Option B: a convolution of 1×1 and a norm.</summary>
    Conv,
}

/// <summary>The options of <c>kind: resnet</c>.</summary>
/// <remarks>
/// ResNet-20 is <c>depth: 20</c>. The resnet8x4 and resnet32x4 of the distillation literature (Tian 2020) are
/// <c>depth: 8, width: 4, stem: 32, shortcut: conv</c> and the same of depth 32; WRN-40-2 is <c>variant: wide, depth: 40, width: 2</c>.
/// </remarks>
public sealed record ResNetOptions : NetworkOptions
{
    /// <summary>The number of layers: 6n + 2, or 6n + 4 for the wide variant; 20.</summary>
    [Description("Depth in layers: 8, 14, 20, 32, 44, 56, 110 …; for the wide variant 10, 16, 28, 40 …")]
    [Range(8, 1202)]
    public int Depth { get; init; } = 20;

    /// <summary>How many times as many channels as the original's 16, 32 and 64; 1.</summary>
    [Description("Width multiplier of the channels 16, 32, 64.")]
    [Range(1, 32)]
    public int Width { get; init; } = 1;

    /// <summary>The channels of the first convolution; null: 16 times <see cref="Width"/>, and 16 for the wide variant.</summary>
    [Description("Channels of the first convolution; default: 16 times the width, 16 for the wide variant.")]
    [Range(1, 1024)]
    public int? Stem { get; init; }

    /// <summary>How blocks that change the size are passed; option A, zeros. The wide variant always has a convolution.</summary>
    [Description("Shortcut where the size changes: pad (zero padding, the original for CIFAR) or conv (1×1 convolution).")]
    public ResNetShortcut Shortcut { get; init; } = ResNetShortcut.Pad;

    /// <summary>Which kind of block; basic.</summary>
    [Description("Block type: basic or wide.")]
    public ResNetVariant Variant { get; init; } = ResNetVariant.Basic;

    /// <summary>The probability of dropout inside the wide variant's blocks, in training; 0.</summary>
    [Description("Dropout probability inside the blocks of the wide variant.")]
    [Range(0.0, 0.95)]
    public double Dropout { get; init; }
}
