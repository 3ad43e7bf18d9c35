using System.ComponentModel;

namespace Decant.Compression.Quantization;

/// <summary>What the forms with 8-bit integers have in common.</summary>
public abstract record Int8Options : QuantizationOptions
{
    /// <summary>One scale of weights per output channel; default: true. False: one per matrix. Weights are symmetric around 0 in both.</summary>
    [Description("one scale of weights per output channel instead of one per matrix")]
    public bool PerChannel { get; init; } = true;

    /// <summary>Weights of 7 bits; null, the default: where the processor's products of 8 bits saturate (x86 without VNNI).</summary>
    [Description("7-bit weights, which cannot saturate; default: on x86 without VNNI")]
    public bool? ReduceRange { get; init; }

    /// <summary>Embedding tables as int8 with a scale per row; default: true.</summary>
    [Description("embedding tables as int8, one scale per row")]
    public bool Embeddings { get; init; } = true;
}
