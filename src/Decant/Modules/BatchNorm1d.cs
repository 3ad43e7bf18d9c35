using Decant.Torch;

namespace Decant.Modules;

/// <summary>Batch normalisation of vectors [B, C] or sequences [B, C, T]; see <see cref="BatchNorm"/>.</summary>
/// <param name="channels">C.</param>
/// <param name="momentum">The share that a batch has in the running statistics; 0.1.</param>
/// <param name="epsilon">Added to the variance; 1e-5.</param>
public sealed class BatchNorm1d(long channels, double momentum = 0.1, double epsilon = 1e-5) : BatchNorm(channels, momentum, epsilon)
{
    /// <summary>The shape that came. In training the batch's own statistics are used, and there must be more than one value per channel.</summary>
    public Tensor Forward(Tensor input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return input.Dimensions is 2 or 3 ? Normalise(input) : throw Unfit(input, "[B, C] or [B, C, T]");
    }
}
