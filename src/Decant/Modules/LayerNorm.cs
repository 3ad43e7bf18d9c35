using Decant.Torch;

namespace Decant.Modules;

/// <summary>
/// (x − mean) ÷ √(variance + ε) over the last dimension, scaled and shifted (Ba 2016): <c>weight</c> [H] from 1, <c>bias</c> [H] from 0.
/// </summary>
public sealed class LayerNorm : Module, ILayer
{
    /// <summary>A layer of a width.</summary>
    /// <param name="width">H, the size of the last dimension.</param>
    /// <param name="epsilon">Added to the variance; 1e-5 as in PyTorch (BERT: 1e-12).</param>
    public LayerNorm(long width, double epsilon = 1e-5)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
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
    public Tensor Forward(Tensor input) => Reveal(Functional.LayerNorm(input, Weight, Bias, Epsilon));
}
