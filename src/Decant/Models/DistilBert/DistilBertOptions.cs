using Decant.Models.Encoders;

namespace Decant.Models.DistilBert;

/// <summary>The options of <c>kind: distilbert</c>.</summary>
public sealed record DistilBertOptions : EncoderOptions;
