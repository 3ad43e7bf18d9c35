using Decant.Torch;

namespace Decant.Modules;

/// <summary>x ÷ √(mean(x²) + ε) over the last dimension, scaled (Zhang 2019): <c>weight</c> [H] from 1, no bias.</summary>
/// <remarks>The mean is taken in float32 for inputs of any type, as the published models do.</remarks>
public sealed class RmsNorm : Module, ILayer
{
    /// <summary>A layer of a width.</summary>
    /// <param name="width">H, the size of the last dimension.</param>
    /// <param name="epsilon">Added to the mean of squares; 1e-6.</param>
    public RmsNorm(long width, double epsilon = 1e-6)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        Epsilon = epsilon;
        Weight = RegisterParameter("weight", Tensor.Ones([width]));
    }

    /// <summary>Added to the mean of squares.</summary>
    public double Epsilon { get; }

    /// <summary>[H].</summary>
    public Tensor Weight { get; }

    /// <summary>[…, H] to […, H].</summary>
    public Tensor Forward(Tensor input)
    {
        ArgumentNullException.ThrowIfNull(input);
        using var scope = TensorScope.Open();
        var x = input.To(DType.Float32);
        var inverse = x.Square().Mean(-1, keep: true).Add(Epsilon).Rsqrt(); // […, 1]
        return RecordActivation(scope.Keep(x.Mul(inverse).To(input.DType).Mul(Weight)));
    }
}
