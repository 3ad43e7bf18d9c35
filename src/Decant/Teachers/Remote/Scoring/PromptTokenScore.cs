namespace Decant.Teachers.Remote.Scoring;

/// <summary>What a server says of one token of a prompt.</summary>
/// <param name="Logprob">ln p of it, given those before it; null: it does not say, as of the first.</param>
/// <param name="Id">The token's id; null: it is not given.</param>
/// <param name="Text">The token's text; null: it is not given.</param>
internal readonly record struct PromptTokenScore(double? Logprob, int? Id, string? Text);
