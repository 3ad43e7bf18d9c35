namespace Decant.Compression.Quantization;

/// <summary>Weights as int8, activations rounded to uint8 when they come, by their own smallest and largest value: needs no samples. An answer depends a little on the batch it is in.</summary>
public sealed record DynamicInt8 : Int8Options
{
    /// <inheritdoc/>
    internal override string FileSuffix => "int8";
}
