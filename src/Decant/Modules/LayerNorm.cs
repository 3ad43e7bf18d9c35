using Decant.Torch;

namespace Decant.Modules;

/// <summary>
/// (x − mean) ÷ √(variance + ε) over the last dimension, scaled and shifted (Ba 2016): <c>weight</c> [H] from 1, <c>bias</c> [H] from 0.
/// </summary>
public sealed class LayerNorm : Module, ILayer
{
    /// <summary>A layer of a width.</summary>
    /// <param name="width">H, the size of the last dimension; 2 or more.</param>
    /// <param name="epsilon">Added to the variance; 1e-5 as in PyTorch (BERT: 1e-12).</param>
    /// <exception cref="DecantException">The width is 1: a single value minus its mean is 0. PyTorch allows it.</exception>
    public LayerNorm(long width, double epsilon = 1e-5)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        if (width == 1)
            throw new DecantException("A layer norm over a single value gives its bias whatever comes in, so nothing before it could be learned; give the layer a width of 2 or more.");
        Epsilon = epsilon;
        Weight = RegisterParameter("weight", Tensor.Ones([width]));
        Bias = RegisterParameter("bias", Tensor.Zeros([width]));
    }

    /// <summary>Added to the variance.</summary>
    public double Epsilon { get; }

    /// <summary>[H].</summary>
    public Tensor Weight { get; }

    /// <summary>[H].</summary>
    public Tensor Bias { get; }

    /// <summary>[…, H] to […, H].</summary>
    public Tensor Forward(Tensor input) => RecordActivation(Functional.LayerNorm(input, Weight, Bias, Epsilon));
}
