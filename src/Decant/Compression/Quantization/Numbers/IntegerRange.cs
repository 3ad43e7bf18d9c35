namespace Decant.Compression.Quantization.Numbers;

/// <summary>The integers that a number may be stored as.</summary>
/// <param name="Lowest">The smallest one.</param>
/// <param name="Highest">The largest one.</param>
internal readonly record struct IntegerRange(int Lowest, int Highest)
{
    /// <summary>Activations: 0 to 255, stored as uint8.</summary>
    public static IntegerRange UInt8 { get; } = new(0, 255);

    /// <summary>Weights: −127 to 127, stored as int8; −128 is left out so that the range is symmetric.</summary>
    public static IntegerRange Int8 { get; } = new(-127, 127);

    /// <summary>Weights of 7 bits, −64 to 64: two products with a uint8 fit into 16 bits (2 · 255 · 64 = 32,640), which processors without VNNI add in.</summary>
    public static IntegerRange Reduced { get; } = new(-64, 64);

    /// <summary>Unsigned integers of so many bits.</summary>
    public static IntegerRange Unsigned(int bits) => new(0, (1 << bits) - 1);

    /// <summary>How many steps lie between the two ends.</summary>
    public int Steps => Highest - Lowest;
}
