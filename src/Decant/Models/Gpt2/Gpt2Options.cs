using Decant.Models.Decoder;

namespace Decant.Models.Gpt2;

/// <summary>The options of <c>kind: gpt2</c>.</summary>
public sealed record Gpt2Options : DecoderOptions;
