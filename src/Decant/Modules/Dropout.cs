using Decant.Torch;

namespace Decant.Modules;

/// <summary>
/// In training, sets elements to 0 with a probability and divides the others by 1 − it (Srivastava 2014); in evaluation does nothing.
/// </summary>
/// <remarks>Draws from libtorch's own generator of the device.</remarks>
public sealed class Dropout : Module
{
    /// <summary>Dropout with a probability.</summary>
    /// <param name="probability">From 0 (does nothing) to 1 (leaves nothing).</param>
    public Dropout(double probability)
    {
        if (!(probability is >= 0 and <= 1))
            throw new ArgumentOutOfRangeException(nameof(probability), probability, "A probability of dropout lies from 0 to 1.");
        Probability = probability;
    }

    /// <summary>The share of elements that becomes 0.</summary>
    public double Probability { get; }

    /// <summary>The same shape; in evaluation the very tensor that came.</summary>
    public Tensor Forward(Tensor input) => RecordActivation(IsTraining && Probability > 0 ? Functional.Dropout(input, Probability, true) : input);
}
