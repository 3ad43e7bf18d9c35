using Decant.Torch;

namespace Decant.Compression.Quantization.Training;

/// <summary>The scales of <see cref="Numbers.AffineScale"/> for many channels or blocks at once, to the last bit.</summary>
internal static class Scales
{
    private const double LeastNormal = 1.1754943508222875e-38;

    /// <summary>Scales below the normal numbers become 1: what is that small is 0.</summary>
    public static Tensor Normal(Tensor scale) => Tensor.Where(scale.Abs().Less(LeastNormal), scale.OnesLike(), scale);

    /// <summary>Scale and zero point that cover intervals and 0.</summary>
    /// <param name="least">The smallest values, float32.</param>
    /// <param name="most">The largest values.</param>
    /// <param name="steps">How many steps lie between the lowest integer, which is 0, and the highest.</param>
    /// <returns>Both float32, of the intervals' shape.</returns>
    public static (Tensor Scale, Tensor Zero) Asymmetric(Tensor least, Tensor most, int steps)
    {
        (least, most) = (least.Clamp(max: 0), most.Clamp(min: 0));
        var scale = Normal(most.To(DType.Float64).Sub(least.To(DType.Float64)).Div(steps).To(DType.Float32));
        return (scale, least.Div(scale).Neg().Round().Clamp(0, steps));
    }
}
