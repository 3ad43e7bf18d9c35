using Decant.Torch;

namespace Decant.Modules;

/// <summary>Means over windows chosen so that the output has a given size for any input.</summary>
/// <param name="height">The output's height.</param>
/// <param name="width">The output's width; null: <paramref name="height"/>.</param>
internal sealed class AdaptiveAvgPool2d(long height, long? width = null) : Module
{
    /// <summary>[B, C, H, W] to [B, C, height, width].</summary>
    public Tensor Forward(Tensor input) => RecordActivation(Functional.AdaptiveAvgPool2d(input, height, width ?? height));
}
