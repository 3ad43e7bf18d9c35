using System.Globalization;

namespace Decant.Teachers.Remote.Synthesizing;

/// <summary>Counts in words.</summary>
internal static class SynthesisWords
{
    private static readonly Dictionary<SetAside, string> s_reasons = new()
    {
        [SetAside.NotText] = "no text",
        [SetAside.Empty] = "empty",
        [SetAside.TooShort] = "too short",
        [SetAside.TooLong] = "too long",
        [SetAside.OtherScript] = "of another script",
        [SetAside.OtherLanguage] = "of another language",
        [SetAside.ForbiddenWord] = "with a forbidden word",
        [SetAside.Pattern] = "against a pattern",
        [SetAside.PatternTime] = "too slow for a pattern",
        [SetAside.Example] = "like an example",
        [SetAside.Repeated] = "repeated",
        [SetAside.NearRepeated] = "nearly repeated",
        [SetAside.HeldOut] = "held out",
        [SetAside.NearHeldOut] = "nearly held out",
        [SetAside.HeldOutPassage] = "with a passage that is held out",
        [SetAside.JudgedOut] = "dropped by the judge",
        [SetAside.Unjudged] = "not judged",
        [SetAside.Surplus] = "more than asked for",
    };

    /// <summary>A reason.</summary>
    public static string Of(SetAside reason) => s_reasons[reason];

    /// <summary>What became of the answers, in a sentence without its full stop.</summary>
    public static string Of(SynthesisTally tally)
    {
        var parts = new List<string> { Invariant($"{tally.Requests:N0} requests, {tally.Written:N0} texts") };
        if (tally.Unusable.Count > 0)
            parts.Add(Invariant($"{tally.Unusable.Values.Sum():N0} answers without a list ({Counted(tally.Unusable, why => $"{why}".ToLowerInvariant())}{(tally.UnusableExample is { } example ? $", such as '{example}'" : "")})"));
        if (tally.SetAside.Count > 0)
            parts.Add(Invariant($"set aside {Counted(tally.SetAside, Of)}"));
        return string.Join("; ", parts);
    }

    /// <summary>Counts by their reason, the most frequent first.</summary>
    public static string Counted<T>(IReadOnlyDictionary<T, int> counts, Func<T, string> word) =>
        string.Join(", ", counts.OrderByDescending(c => c.Value).Select(c => Invariant($"{word(c.Key)} {c.Value:N0}")));

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
