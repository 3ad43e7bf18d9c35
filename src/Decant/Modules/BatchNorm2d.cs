using Decant.Torch;

namespace Decant.Modules;

/// <summary>Batch normalisation of images [B, C, H, W]; see <see cref="BatchNorm"/>.</summary>
/// <param name="channels">C.</param>
/// <param name="momentum">The share that a batch has in the running statistics; 0.1.</param>
/// <param name="epsilon">Added to the variance; 1e-5.</param>
public sealed class BatchNorm2d(long channels, double momentum = 0.1, double epsilon = 1e-5) : BatchNorm(channels, momentum, epsilon)
{
    /// <summary>The shape that came. In training the batch's own statistics are used.</summary>
    public Tensor Forward(Tensor input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return input.Dimensions == 4 ? Normalise(input) : throw Unfit(input, "[B, C, H, W]");
    }
}
