using Decant.Torch;

namespace Decant.Modules;

/// <summary>The mean of every square window of [B, C, H, W]; a border counts as zeros, as in PyTorch.</summary>
/// <param name="kernel">The side of the window.</param>
/// <param name="stride">Pixels from one window to the next; null: <paramref name="kernel"/>.</param>
/// <param name="padding">Zeros on every side, at most half the kernel; 0.</param>
internal sealed class AvgPool2d(long kernel, long? stride = null, long padding = 0) : Module
{
    /// <summary>[B, C, H, W] to [B, C, H', W'] with H' = <see cref="OutputSize"/> of H.</summary>
    public Tensor Forward(Tensor input) => RecordActivation(Functional.AvgPool2d(input, kernel, stride, padding));

    /// <summary>How many windows fit; 0 when none does.</summary>
    public long OutputSize(long size) => Window.OutputSize(size, kernel, stride ?? kernel, padding);
}
