namespace Decant.Teachers.Answers.Packing;

/// <summary>Positive numbers in one byte: 0, or 2⁻²⁴ to 2²⁴ in 254 equal ratios of 1.14. Rounded up or down at random, so that the mean is the number itself.</summary>
internal static class ScaleGrid
{
    private const int Largest = byte.MaxValue;
    private const double Octaves = 24;
    private const double Step = 2 * Octaves / (Largest - 1);

    /// <summary>The number of a code.</summary>
    /// <param name="code">The code.</param>
    public static float ValueOf(byte code) => (float)Exact(code);

    /// <summary>A code whose number is, on average, the given one.</summary>
    /// <param name="value">0 or more, at most 2²⁴.</param>
    /// <param name="chance">Uniform in [0, 1).</param>
    public static byte CodeOf(double value, double chance)
    {
        if (value <= 0)
            return 0;
        var below = (int)Math.Clamp(Math.Floor((Math.Log2(value) + Octaves) / Step) + 1, 0, Largest - 1);
        var (low, high) = (Exact(below), Exact(below + 1));
        return (byte)(chance < (value - low) / (high - low) ? below + 1 : below);
    }

    private static double Exact(int code) => code == 0 ? 0 : Math.Pow(2, (code - 1) * Step - Octaves);
}
