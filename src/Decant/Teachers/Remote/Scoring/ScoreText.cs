using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Decant.Teachers.Remote.Asking;

namespace Decant.Teachers.Remote.Scoring;

/// <summary>Reads the number that an answer is.</summary>
internal static partial class ScoreText
{
    private const int WordsOfNumber = 3;
    private static readonly char[] s_around = [' ', '\t', '\r', '\n', '"', '\'', '`', '*', '_', '(', ')', '[', ']', '“', '”', '‘', '’', '▁', 'Ġ'];

    /// <summary>The number of a text that is nothing else, but for signs around it and words such as <c>Score:</c>; or why there is none.</summary>
    public static (double? Number, AbstentionReason? Why) Read(string text)
    {
        var bare = Bare(Lead().Replace(Bare(text), ""));
        if (bare.Length == 0)
            return (null, AbstentionReason.NoNumber);
        if (Whole().IsMatch(bare))
            return (double.Parse(bare, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture), null);
        var numbers = Numbers().Count(bare);
        return (null, numbers > 1 ? AbstentionReason.SeveralAnswers : numbers == 1 || Words().Count(bare) > WordsOfNumber ? AbstentionReason.Prose : AbstentionReason.NoNumber);
    }

    /// <summary>The number of JSON: <c>{"score": 4}</c>, or <c>4</c> alone.</summary>
    public static (double? Number, AbstentionReason? Why) ReadJson(string text)
    {
        var (value, why) = JsonReply.Read(text);
        if (value is not { } root)
            return (null, why);
        var number = root.ValueKind == JsonValueKind.Object && root.TryGetProperty(ScorePrompt.Score, out var said) ? said : root;
        return number.ValueKind switch
        {
            JsonValueKind.Number when number.TryGetDouble(out var score) => (score, null),
            JsonValueKind.Array => (null, AbstentionReason.SeveralAnswers),
            JsonValueKind.Object => (null, AbstentionReason.OtherShape),
            _ => (null, AbstentionReason.NoNumber),
        };
    }

    /// <summary>The number that a token is; null: it is none.</summary>
    public static double? OfToken(string token) => Bare(token) is var bare && Whole().IsMatch(bare) ? double.Parse(bare, CultureInfo.InvariantCulture) : null;

    // A full stop at the end is the sentence's; one at the beginning is a number's.
    private static string Bare(string text) => text.Trim(s_around).TrimEnd('.', ',', ';', '!').Trim(s_around);

    [GeneratedRegex(@"\A(the\s+)?(final\s+)?(answer|score|rating|similarity|grade|number)(\s+is)?\s*[:=]?\s*(?=[^\w]|\d)", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Lead();

    [GeneratedRegex(@"\A[+-]?([0-9]{1,15}(\.[0-9]{0,15})?|\.[0-9]{1,15})\z")]
    private static partial Regex Whole();

    [GeneratedRegex(@"[0-9]+(\.[0-9]+)?|\.[0-9]+")]
    private static partial Regex Numbers();

    [GeneratedRegex(@"\w+")]
    private static partial Regex Words();
}
