namespace Decant.Models;

/// <summary>The options of <c>kind: gpt2</c>.</summary>
public sealed record Gpt2Options : DecoderOptions;
