namespace Decant.Teachers.Remote;

/// <summary>One position of a generated text.</summary>
/// <param name="Token">The token that was generated.</param>
/// <param name="Logprob">ln p of it.</param>
/// <param name="Top">The most probable tokens of this position, as many as were asked for and the server gives; empty: none.</param>
public sealed record TokenLogprobs(string Token, double Logprob, IReadOnlyList<TokenLogprob> Top);
