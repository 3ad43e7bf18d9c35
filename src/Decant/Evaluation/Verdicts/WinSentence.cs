using System.Globalization;
using Decant.Evaluation.Texts;

namespace Decant.Evaluation.Verdicts;

/// <summary>A judge's preferences in one sentence.</summary>
internal static class WinSentence
{
    /// <summary>
    /// "Generated texts: the judge prefers student to control: 41 wins, 38 ties, 21 losses, win rate 60.0 % (95 % interval 50.2 to 69.1)"; where the interval contains one half, that it prefers neither.
    /// </summary>
    /// <param name="a">The first model.</param>
    /// <param name="b">The second.</param>
    /// <param name="rate">How often the first was preferred.</param>
    /// <param name="confidence">Of the interval.</param>
    public static string Of(string a, string b, WinRate rate, double confidence)
    {
        if (rate.Count == 0)
            return $"Generated texts: the judge said of no prompt whether {a} or {b} is better";
        var (low, high) = rate.Interval(confidence);
        var verdict = low > 0.5 ? $"the judge prefers {a} to {b}" : high < 0.5 ? $"the judge prefers {b} to {a}" : $"the judge does not measurably prefer {a} or {b}";
        return string.Create(CultureInfo.InvariantCulture,
            $"Generated texts: {verdict}: {a} with {Counted(rate.Wins, "win", "wins")}, {Counted(rate.Ties, "tie", "ties")}, {Counted(rate.Losses, "loss", "losses")}, win rate {100 * rate.Rate:0.0} % ({100 * confidence:0.##} % interval {100 * low:0.0} to {100 * high:0.0})");
    }

    private static string Counted(int count, string one, string several) => string.Create(CultureInfo.InvariantCulture, $"{count:N0} {(count == 1 ? one : several)}");
}
