using System.Text.RegularExpressions;
using Decant.Teachers.Remote.Asking;

namespace Decant.Teachers.Remote.Classifying;

/// <summary>Reads which class an answer names.</summary>
internal static partial class AnswerText
{
    private const int WordsOfName = 3;
    private static readonly char[] s_around = [' ', '\t', '\r', '\n', '"', '\'', '`', '*', '_', '.', ',', ':', ';', '(', ')', '[', ']', '!', '“', '”', '‘', '’', '▁', 'Ġ'];

    /// <summary>A text without what often stands around an answer: quotes, stars, a full stop.</summary>
    public static string Bare(string text) => text.Trim(s_around);

    /// <summary>The class of an answer, or why there is none.</summary>
    /// <param name="text">The answer.</param>
    /// <param name="labels">What it should be, by class.</param>
    /// <param name="names">The names of the classes, which count too.</param>
    public static (int? Class, AbstentionReason? Why) Read(string text, IReadOnlyList<string> labels, IReadOnlyList<string> names)
    {
        if (Find(text.Trim(), labels) is { } whole)
            return (whole, null);
        var bare = Bare(Lead().Replace(Bare(text), ""));
        if (bare.Length == 0)
            return (null, AbstentionReason.NoClass);
        if ((Find(bare, labels) ?? Find(bare, names)) is { } exact)
            return (exact, null);
        if (LabelAndName(bare, labels, names) is { } both)
            return (both, null);
        var named = Named(bare, labels, names);
        return (null, named.Count > 1 ? AbstentionReason.SeveralClasses : Words().Count(bare) > WordsOfName || named.Count == 1 ? AbstentionReason.Prose : AbstentionReason.NoClass);
    }

    private static int? Find(string text, IReadOnlyList<string> among)
    {
        for (var i = 0; i < among.Count; i++)
        {
            if (string.Equals(text, Bare(among[i]), StringComparison.OrdinalIgnoreCase))
                return i;
        }

        return null;
    }

    // "B: sports", "B) sports", "B - sports"
    private static int? LabelAndName(string text, IReadOnlyList<string> labels, IReadOnlyList<string> names)
    {
        for (var i = 0; i < labels.Count; i++)
        {
            if (text.StartsWith(labels[i], StringComparison.OrdinalIgnoreCase) && text.Length > labels[i].Length && !char.IsLetterOrDigit(text[labels[i].Length])
                && string.Equals(Bare(text[labels[i].Length..].TrimStart(' ', '-', '–', '=', ')', ':', '.')), Bare(names[i]), StringComparison.OrdinalIgnoreCase))
                return i;
        }

        return null;
    }

    // Of names within longer ones the longer counts. Letters count in a text that has little else: "A or B".
    private static HashSet<int> Named(string text, IReadOnlyList<string> labels, IReadOnlyList<string> names)
    {
        var found = new List<(int Class, int At, int Length)>();
        for (var i = 0; i < names.Count; i++)
            found.AddRange(Regex.Matches(text, $@"(?<!\w){Regex.Escape(names[i])}(?!\w)", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant).Select(match => (i, match.Index, match.Length)));
        var classes = found.Where(f => !found.Any(o => o.Length > f.Length && o.At <= f.At && o.At + o.Length >= f.At + f.Length)).Select(f => f.Class).ToHashSet();
        if (Words().Count(text) <= WordsOfName)
            classes.UnionWith(Words().Matches(text).Select(word => labels.ToList().IndexOf(word.Value)).Where(at => at >= 0));
        return classes;
    }

    [GeneratedRegex(@"\A(the\s+)?(final\s+)?(answer|class|label|category|letter)(\s+is)?\s*[:=]?\s+", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Lead();

    [GeneratedRegex(@"\w+")]
    private static partial Regex Words();
}
