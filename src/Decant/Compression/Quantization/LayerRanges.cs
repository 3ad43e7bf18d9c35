namespace Decant.Compression.Quantization;

/// <summary>How the activations around a layer are rounded.</summary>
/// <param name="Input">What it reads.</param>
/// <param name="Output">What it makes; null: that is not rounded.</param>
internal sealed record LayerRanges(StaticScale Input, StaticScale? Output);
