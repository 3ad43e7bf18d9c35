using System.ComponentModel;

namespace Decant.Compression.Quantization;

/// <summary>Weights stored in 16 bits, with a Cast to float32 behind them: half the file; a processor computes in float32 as before, with the memory and speed of before.</summary>
public sealed record HalfWeights : QuantizationOptions
{
    /// <summary>The format; default: float16, which has 11 significant bits where bfloat16 has 8.</summary>
    [Description("`float16` (11 significant bits, to 65,504) or `bfloat16` (8 significant bits, range of float32)")]
    public HalfFormat Format { get; init; } = HalfFormat.Float16;

    /// <inheritdoc/>
    internal override string FileSuffix => Format == HalfFormat.Float16 ? "fp16" : "bf16";
}
