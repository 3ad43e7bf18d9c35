namespace Decant.Compression.Quantization;

/// <summary>What a quantization did.</summary>
/// <param name="BytesBefore">The size of the float32 model's file.</param>
/// <param name="BytesAfter">The size of the new one.</param>
/// <param name="Layers">Every layer with constant weights, in the order of the graph.</param>
/// <param name="Notes">What holds for the whole: range of the weights, instructions of the processor.</param>
internal sealed record QuantizationReport(long BytesBefore, long BytesAfter, IReadOnlyList<LayerReport> Layers, IReadOnlyList<string> Notes)
{
    /// <summary>The new size as a share of the old one.</summary>
    public double Ratio => (double)BytesAfter / BytesBefore;
}
