using Decant.Torch;

namespace Decant.Modules;

/// <summary>The largest of every square window of [B, C, H, W].</summary>
/// <param name="kernel">The side of the window.</param>
/// <param name="stride">Pixels from one window to the next; null: <paramref name="kernel"/>.</param>
/// <param name="padding">Border, at most half the kernel; never the largest. 0.</param>
internal sealed class MaxPool2d(long kernel, long? stride = null, long padding = 0) : Module
{
    /// <summary>[B, C, H, W] to [B, C, H', W'] with H' = <see cref="OutputSize"/> of H.</summary>
    public Tensor Forward(Tensor input) => RecordActivation(Functional.MaxPool2d(input, kernel, stride, padding));

    /// <summary>How many windows fit; 0 when none does.</summary>
    public long OutputSize(long size) => Window.OutputSize(size, kernel, stride ?? kernel, padding);
}
