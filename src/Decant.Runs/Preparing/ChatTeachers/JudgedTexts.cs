using Decant.Evaluation.Texts;
using Decant.Teachers.Remote.Preferring;

namespace Decant.Runs.Preparing.ChatTeachers;

/// <summary>Whose texts a judge preferred: the one that it prefers in both orders; everything else is a tie.</summary>
/// <param name="Rate">Wins of the first, ties, losses.</param>
/// <param name="Identical">Ties of texts that are the same.</param>
/// <param name="Disagreed">Ties since it said something else in the other order.</param>
/// <param name="Unusable">Prompts that are not counted, for an answer could not be used.</param>
/// <param name="Unasked">Prompts that are not counted, for one order or both were not asked about.</param>
internal sealed record JudgedTexts(WinRate Rate, int Identical, int Disagreed, int Unusable, int Unasked)
{
    /// <summary>What was asked, and what came of it, for people.</summary>
    public IReadOnlyList<string> Remarks { get; init; } = [];

    /// <summary>Counts.</summary>
    /// <param name="judged">Each pair with what was said of it, and of the other order; null: nothing was.</param>
    /// <param name="areSame">Whether the texts of a pair are the same.</param>
    public static JudgedTexts Of(IEnumerable<(JudgedPair Pair, PairJudgement? Forward, PairJudgement? Backward)> judged, Func<JudgedPair, bool> areSame)
    {
        var (rate, same, disagreed, unusable, unasked) = (new WinRate(), 0, 0, 0, 0);
        foreach (var (pair, forward, backward) in judged)
        {
            if (areSame(pair))
                (rate, same) = (rate with { Ties = rate.Ties + 1 }, same + 1);
            else if (forward is { Better: null } || backward is { Better: null })
                unusable++;
            else if (forward is null || backward is null)
                unasked++;
            else
                Count(forward.Better!.Value, backward.Better!.Value);
        }

        return new(rate, same, disagreed, unusable, unasked);

        void Count(Preference forward, Preference backward)
        {
            var agrees = (forward, backward) is (Preference.First, Preference.Second) or (Preference.Second, Preference.First) or (Preference.Tie, Preference.Tie);
            disagreed += agrees ? 0 : 1;
            rate = !agrees || forward == Preference.Tie ? rate with { Ties = rate.Ties + 1 }
                : forward == Preference.First ? rate with { Wins = rate.Wins + 1 } : rate with { Losses = rate.Losses + 1 };
        }
    }
}
