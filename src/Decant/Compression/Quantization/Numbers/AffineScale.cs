namespace Decant.Compression.Quantization.Numbers;

/// <summary>How real numbers are stored as integers: x ≈ (q − zero point) · scale.</summary>
/// <param name="Scale">The distance between neighbouring numbers; negative where the lowest integer stands for the largest number.</param>
/// <param name="ZeroPoint">The integer that stands for 0.</param>
/// <param name="Range">The integers that q may be.</param>
internal readonly record struct AffineScale(float Scale, int ZeroPoint, IntegerRange Range)
{
    /// <summary>The scale whose zero is in the middle of the range; ±<paramref name="largest"/> are its ends.</summary>
    /// <param name="largest">The largest absolute value.</param>
    /// <param name="range">The integers.</param>
    public static AffineScale Symmetric(float largest, IntegerRange range)
    {
        var middle = (range.Lowest + range.Highest + 1) / 2;
        return new(Positive(largest / (range.Highest - middle)), middle, range);
    }

    /// <summary>The scale that covers an interval and 0, which is always exactly a number of it.</summary>
    /// <param name="least">The smallest value.</param>
    /// <param name="most">The largest value.</param>
    /// <param name="range">The integers.</param>
    public static AffineScale Asymmetric(float least, float most, IntegerRange range)
    {
        (least, most) = (Math.Min(least, 0), Math.Max(most, 0));
        var scale = Positive((float)(((double)most - least) / range.Steps));
        return new(scale, (int)Math.Clamp(MathF.Round(range.Lowest - (least / scale), MidpointRounding.ToEven), range.Lowest, range.Highest), range);
    }

    /// <summary>The integer for a number: the quotient by the scale, rounded half to even, moved by the zero point and cut at the ends of the range (QuantizeLinear of ONNX).</summary>
    public int Quantize(float value) => (int)Math.Clamp(MathF.Round(value / Scale, MidpointRounding.ToEven) + ZeroPoint, Range.Lowest, Range.Highest);

    /// <summary>The number that an integer stands for (DequantizeLinear of ONNX).</summary>
    public float Dequantize(int integer) => (integer - ZeroPoint) * Scale;

    // A quotient by a scale below the normal numbers could overflow; what is that small is 0.
    private static float Positive(float scale) => float.IsNormal(scale) ? scale : 1;
}
