namespace Decant.Data;

/// <summary>What a sample consists of, without its label.</summary>
public abstract record SampleContent;

/// <summary>A text, or a pair of texts.</summary>
/// <param name="Text">The text.</param>
/// <param name="Pair">The second text of a pair; null where there is none.</param>
public sealed record TextContent(string Text, string? Pair = null) : SampleContent;

/// <summary>An image of bytes.</summary>
/// <param name="Pixels">[C,H,W] uint8: one plane after another, rows from the top.</param>
/// <param name="Channels">C: 1 for grey, 3 for red, green, blue.</param>
/// <param name="Height">H, in pixels.</param>
/// <param name="Width">W, in pixels.</param>
public sealed record ImageContent(ReadOnlyMemory<byte> Pixels, int Channels, int Height, int Width) : SampleContent;

/// <summary>A vector of numbers.</summary>
/// <param name="Values">[D] float32.</param>
public sealed record VectorContent(ReadOnlyMemory<float> Values) : SampleContent;
