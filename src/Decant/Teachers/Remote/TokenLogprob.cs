namespace Decant.Teachers.Remote;

/// <summary>A token and the natural logarithm of its probability.</summary>
/// <param name="Token">The token's text, with the whitespace that belongs to it.</param>
/// <param name="Logprob">ln p, 0 or less.</param>
public sealed record TokenLogprob(string Token, double Logprob);
