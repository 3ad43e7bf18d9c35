using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace Decant.Compression.Quantization;

/// <summary>Weights alone, as integers of few bits in blocks with a scale each: the smallest form. Needs no samples; runs in ONNX Runtime only (MatMulNBits, GatherBlockQuantized).</summary>
public sealed record BlockInt : QuantizationOptions
{
    /// <summary>Bits of a weight: 2, 4 or 8; default: 4.</summary>
    [Description("bits of a weight: 2, 4 or 8")]
    [AllowedValues(2, 4, 8)]
    public int Bits { get; init; } = 4;

    /// <summary>Weights that share a scale: 16, 32, 64, 128 or 256; default: 32.</summary>
    [Description("weights that share a scale: 16, 32, 64, 128 or 256")]
    [AllowedValues(16, 32, 64, 128, 256)]
    public int BlockSize { get; init; } = 32;

    /// <summary>Whether the middle integer stands for 0; default: false, every block has its zero point.</summary>
    [Description("whether blocks are symmetric around 0, without zero points")]
    public bool Symmetric { get; init; }

    /// <summary>What is multiplied: 0 or 1, float32; 4, activations rounded to int8 block by block, which is faster. Default: 4.</summary>
    [Description("0 or 1: products in float32; 4: activations rounded to int8, faster")]
    [AllowedValues(0, 1, 4)]
    public int AccuracyLevel { get; init; } = 4;

    /// <summary>Bits of embedding tables: 4 or 8; 32 leaves them float32. Null, the default: 8 where weights have 8, otherwise 4.</summary>
    [Description("bits of embedding tables: 4, 8 or 32; default: 8 where weights have 8, otherwise 4")]
    [AllowedValues(4, 8, 32, null)]
    public int? EmbeddingBits { get; init; }

    /// <inheritdoc/>
    internal override string FileSuffix => FormattableString.Invariant($"q{Bits}");
}
