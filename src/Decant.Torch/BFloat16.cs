namespace Decant.Torch;

/// <summary>One element of a <see cref="DType.BFloat16"/> tensor: the upper half of a single-precision number.</summary>
/// <param name="Bits">Sign, 8 bits of exponent, 7 of mantissa.</param>
internal readonly record struct BFloat16(ushort Bits)
{
    /// <summary>The nearest number, halves to the even one; NaN stays NaN.</summary>
    public static explicit operator BFloat16(float value)
    {
        var bits = BitConverter.SingleToUInt32Bits(value);
        if (float.IsNaN(value))
            return new BFloat16((ushort)((bits >> 16) | 0x40)); // quiet: the lower half may have held all of its mantissa
        return new BFloat16((ushort)((bits + 0x7FFF + ((bits >> 16) & 1)) >> 16));
    }

    /// <summary>The same number, exactly.</summary>
    public static implicit operator float(BFloat16 value) => BitConverter.UInt32BitsToSingle((uint)value.Bits << 16);

    /// <inheritdoc/>
    public override string ToString() => ((float)this).ToString(System.Globalization.CultureInfo.InvariantCulture);
}
