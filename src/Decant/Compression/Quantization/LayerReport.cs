namespace Decant.Compression.Quantization;

/// <summary>What became of a layer.</summary>
/// <param name="Name">Its weight and its node.</param>
/// <param name="Changed">Whether it is quantized now.</param>
/// <param name="What">How it is stored and computed now, or why it stayed as it was.</param>
internal sealed record LayerReport(string Name, bool Changed, string What);
