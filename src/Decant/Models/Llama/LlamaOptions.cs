namespace Decant.Models;

/// <summary>The options of <c>kind: llama</c>.</summary>
public sealed record LlamaOptions : RotaryDecoderOptions;
