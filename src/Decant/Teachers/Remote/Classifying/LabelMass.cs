namespace Decant.Teachers.Remote.Classifying;

/// <summary>
/// The probability of each class from the tokens of an answer: at the first position whose token begins a label, m_c = Σ exp(logprob) over the most probable tokens that begin the label of c; the
/// probability is m_c / Σ m. Labels differ in their first character, so a token begins one of them at most.
/// </summary>
internal static class LabelMass
{
    /// <summary>The probabilities.</summary>
    /// <param name="tokens">The answer's tokens.</param>
    /// <param name="labels">The labels, by class.</param>
    /// <returns>C probabilities and the mass Σ m that was seen; null: no token begins a label.</returns>
    public static (double[] Probabilities, double Seen)? Of(IReadOnlyList<TokenLogprobs> tokens, IReadOnlyList<string> labels)
    {
        if (tokens.FirstOrDefault(token => ClassOf(token.Token, labels) is not null) is not { } answer)
            return null;
        var mass = new double[labels.Count];
        foreach (var (token, logprob) in Candidates(answer))
        {
            if (ClassOf(token, labels) is { } c)
                mass[c] += Math.Exp(logprob);
        }

        var seen = mass.Sum();
        return seen > 0 ? ([.. mass.Select(m => m / seen)], seen) : null;
    }

    // What was generated may be missing among the most probable ones.
    private static IEnumerable<TokenLogprob> Candidates(TokenLogprobs answer) =>
        answer.Top.Any(top => top.Token == answer.Token) ? answer.Top : answer.Top.Prepend(new TokenLogprob(answer.Token, answer.Logprob));

    private static int? ClassOf(string token, IReadOnlyList<string> labels)
    {
        var bare = AnswerText.Bare(token);
        if (bare.Length == 0)
            return null;
        for (var i = 0; i < labels.Count; i++)
        {
            if (AnswerText.Bare(labels[i]).StartsWith(bare, StringComparison.OrdinalIgnoreCase))
                return i;
        }

        return null;
    }
}
