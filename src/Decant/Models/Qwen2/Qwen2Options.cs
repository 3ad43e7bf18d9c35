using Decant.Models.Decoder;

namespace Decant.Models.Qwen2;

/// <summary>The options of <c>kind: qwen2</c>.</summary>
public sealed record Qwen2Options : RotaryDecoderOptions;
