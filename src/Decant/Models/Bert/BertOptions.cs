using Decant.Models.Encoders;

namespace Decant.Models.Bert;

/// <summary>The options of <c>kind: encoder</c>.</summary>
public sealed record BertOptions : EncoderOptions;
