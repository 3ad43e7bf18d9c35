namespace Decant.Models;

/// <summary>The options of <c>kind: qwen2</c>.</summary>
public sealed record Qwen2Options : RotaryDecoderOptions;
