namespace Decant.Compression.Quantization;

/// <summary>Floating-point numbers of 16 bits.</summary>
public enum HalfFormat
{
    /// <summary>IEEE half precision: 11 significant bits, up to 65,504.</summary>
    Float16,

    /// <summary>The upper half of a float32: 8 significant bits, the range of float32.</summary>
    BFloat16,
}
