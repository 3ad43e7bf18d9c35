using Decant.Models.Encoders;

namespace Decant.Models.Roberta;

/// <summary>The options of <c>kind: roberta</c>.</summary>
public sealed record RobertaOptions : EncoderOptions;
