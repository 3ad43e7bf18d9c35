using Decant.Torch;

namespace Decant.Modules;

/// <summary>
/// Dropout that drops the same elements at every step of a sequence (Gal 2016; <c>LockedDropout</c> of Merity 2018): a mask [B, 1, H] per forward pass.
/// In evaluation it does nothing.
/// </summary>
/// <remarks>Draws from libtorch's own generator of the device.</remarks>
internal sealed class LockedDropout : Module
{
    /// <summary>Dropout with a probability.</summary>
    /// <param name="probability">From 0 (does nothing) to 1 (leaves nothing).</param>
    public LockedDropout(double probability)
    {
        if (!(probability is >= 0 and <= 1))
            throw new ArgumentOutOfRangeException(nameof(probability), probability, "A probability of dropout lies from 0 to 1.");
        Probability = probability;
    }

    /// <summary>The share of elements that becomes 0.</summary>
    public double Probability { get; }

    /// <summary>[B, T, H] to the same shape; in evaluation the very tensor that came.</summary>
    public Tensor Forward(Tensor input) => RecordActivation(IsTraining && Probability > 0 ? Drop(input, Probability) : input);

    internal static Tensor Drop(Tensor input, double probability)
    {
        using var scope = TensorScope.Open();
        var mask = Tensor.Ones([input.Size(0), 1, input.Size(2)], input.DType, input.Device);
        return scope.Keep(input * Functional.Dropout(mask, probability, true));
    }
}
