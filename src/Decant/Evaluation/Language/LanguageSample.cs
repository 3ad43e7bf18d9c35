namespace Decant.Evaluation.Language;

/// <summary>Negative log-likelihood and hits of one text: sums over the tokens that are predicted.</summary>
/// <param name="Id">The sample's stable id.</param>
/// <param name="Rows">How many tokens.</param>
/// <param name="NllSum">Σ −log p(token), in nats.</param>
/// <param name="Hits">At how many the token was the most probable one.</param>
/// <param name="Bytes">The UTF-8 bytes that these tokens spell; null where that is not known.</param>
/// <param name="KlSum">Σ KL(teacher ‖ model), in nats; null where no teacher was evaluated with it, or its vocabulary is another.</param>
/// <param name="SameTop">At how many the same token is the most probable of both; null as <paramref name="KlSum"/>.</param>
internal sealed record LanguageSample(ulong Id, long Rows, double NllSum, long Hits, long? Bytes = null, double? KlSum = null, long? SameTop = null);
