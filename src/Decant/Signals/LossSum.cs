using Decant.Torch;

namespace Decant.Signals;

/// <summary>What an objective returns: a sum over samples (or positions) and how many there were. Only the training loop divides.</summary>
/// <param name="Sum">A float32 scalar; 0 with no gradient when <paramref name="Count"/> is 0.</param>
/// <param name="Count">The number of samples or positions in the sum.</param>
public readonly record struct LossSum(Tensor Sum, long Count)
{
    /// <summary>The sum over nothing.</summary>
    public static LossSum Nothing() => new(Tensor.Zeros([]), 0);
}
