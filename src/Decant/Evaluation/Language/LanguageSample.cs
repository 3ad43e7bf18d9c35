namespace Decant.Evaluation.Language;

/// <summary>How well one text was foretold: sums over the tokens that were asked about.</summary>
/// <param name="Id">The sample's stable id.</param>
/// <param name="Rows">How many tokens.</param>
/// <param name="NllSum">Σ −log p(token), in nats.</param>
/// <param name="Hits">At how many the token was the likeliest one.</param>
/// <param name="Bytes">The UTF-8 bytes that these tokens spell; null where that is not known.</param>
/// <param name="KlSum">Σ KL(teacher ‖ model), in nats; null where no teacher was asked along, or its vocabulary is another.</param>
/// <param name="SameTop">At how many both find the same token likeliest; null as <paramref name="KlSum"/>.</param>
public sealed record LanguageSample(ulong Id, long Rows, double NllSum, long Hits, long? Bytes = null, double? KlSum = null, long? SameTop = null);
