namespace Decant.Teachers.Remote.Limits;

/// <summary>What requests can cost at most.</summary>
/// <param name="Requests">How many.</param>
/// <param name="InputTokens">Tokens of their prompts.</param>
/// <param name="OutputTokens">Tokens of their answers.</param>
internal readonly record struct Reservation(long Requests, long InputTokens, long OutputTokens)
{
    public static Reservation operator +(Reservation a, Reservation b) => new(a.Requests + b.Requests, a.InputTokens + b.InputTokens, a.OutputTokens + b.OutputTokens);

    public static Reservation operator -(Reservation a, Reservation b) => new(a.Requests - b.Requests, a.InputTokens - b.InputTokens, a.OutputTokens - b.OutputTokens);
}
