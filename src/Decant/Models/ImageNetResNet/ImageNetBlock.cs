namespace Decant.Models.ImageNetResNet;

/// <summary>The two kinds of block, by the names that Hugging Face's <c>layer_type</c> has for them.</summary>
internal enum ImageNetBlock
{
    /// <summary>Two convolutions of 3×3: ResNet-18 and 34.</summary>
    Basic,

    /// <summary>Convolutions of 1×1, 3×3 and 1×1: ResNet-50.</summary>
    Bottleneck,
}
