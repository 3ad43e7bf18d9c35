namespace Decant.Teachers.Remote.Scoring;

/// <summary>
/// The expected score from the tokens of an answer: at the first position whose token is a number of the scale, m_v = Σ exp(logprob) over the most probable tokens that are the number v; the score is Σ v·m_v / Σ m.
/// </summary>
internal static class NumberMass
{
    /// <summary>The score.</summary>
    /// <param name="tokens">The answer's tokens.</param>
    /// <param name="isOnScale">Whether a number is on the scale.</param>
    /// <returns>Mean, variance, and the mass Σ m that was seen; null: no token is a number of the scale.</returns>
    public static (double Mean, double Variance, double Seen)? Of(IReadOnlyList<TokenLogprobs> tokens, Func<double, bool> isOnScale)
    {
        if (tokens.FirstOrDefault(token => Number(token.Token) is not null) is not { } answer)
            return null;
        var masses = Candidates(answer).Select(t => (Number: Number(t.Token), Mass: Math.Exp(t.Logprob))).Where(t => t.Number is not null).ToList();
        var seen = masses.Sum(t => t.Mass);
        if (seen <= 0)
            return null;
        var mean = masses.Sum(t => t.Number!.Value * t.Mass) / seen;
        return (mean, masses.Sum(t => (t.Number!.Value - mean) * (t.Number.Value - mean) * t.Mass) / seen, seen);

        double? Number(string token) => ScoreText.OfToken(token) is { } number && isOnScale(number) ? number : null;
    }

    // What was generated may be missing among the most probable ones.
    private static IEnumerable<TokenLogprob> Candidates(TokenLogprobs answer) =>
        answer.Top.Any(top => top.Token == answer.Token) ? answer.Top : answer.Top.Prepend(new TokenLogprob(answer.Token, answer.Logprob));
}
