using Decant.Models.Decoder;

namespace Decant.Models.Llama;

/// <summary>The options of <c>kind: llama</c>.</summary>
public sealed record LlamaOptions : RotaryDecoderOptions;
