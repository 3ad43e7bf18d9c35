using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Decant.Models.Configuration;

namespace Decant.Models.ImageNetResNet;

/// <summary>The options of <c>kind: imagenet-resnet</c>.</summary>
public sealed record ImageNetResNetOptions : ModelOptions
{
    /// <summary>The number of layers: 18, 34 or 50; 18.</summary>
    [Description("Depth in layers: 18, 34 (blocks of two convolutions) or 50 (blocks of three).")]
    [Range(18, 50)]
    public int Depth { get; init; } = 18;

    /// <summary>The channels of the first convolution, and of the first stage's blocks; each further stage has twice as many. 64, as published.</summary>
    [Description("Channels of the first stage; the next three have 2, 4 and 8 times as many. The published networks have 64.")]
    [Range(1, 4096)]
    public int Width { get; init; } = 64;
}
