namespace Decant.Compression.Quantization;

/// <summary>Whether options are in their ranges and can be run.</summary>
internal static class OptionCheck
{
    /// <summary>Refuses others.</summary>
    /// <exception cref="DecantException">An option has a value that is not served.</exception>
    public static void Require(QuantizationOptions options)
    {
        switch (options)
        {
            case StaticInt8 { Percentile: not (>= 50 and <= 100) } integers:
                throw new DecantException($"percentile is {integers.Percentile}; a percentage from 50 to 100 was expected, like 99.99.");
            case BlockInt blocks:
                OneOf("bits", blocks.Bits, 2, 4, 8);
                OneOf("block-size", blocks.BlockSize, 16, 32, 64, 128, 256);
                OneOf("accuracy-level", blocks.AccuracyLevel, 0, 1, 4);
                OneOf("embedding-bits", blocks.EmbeddingBits ?? 4, 4, 8, 32);
                break;
        }
    }

    private static void OneOf(string key, int value, params int[] allowed)
    {
        if (!allowed.Contains(value))
            throw new DecantException($"{key} is {value}; ONNX Runtime computes with {string.Join(", ", allowed[..^1])} and {allowed[^1]} here. Choose one of them.");
    }
}
