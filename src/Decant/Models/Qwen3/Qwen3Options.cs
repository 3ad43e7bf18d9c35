using Decant.Models.Decoder;

namespace Decant.Models.Qwen3;

/// <summary>The options of <c>kind: qwen3</c>.</summary>
public sealed record Qwen3Options : RotaryDecoderOptions;
