using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Decant.Text.Unicode;

namespace Decant.Text.Patterns;

/// <summary>A regular expression over code points, by .NET's engine, which knows UTF-16 units only.</summary>
/// <remarks>
/// The engine sees a shadow of the text, in which one character of the basic plane of the same general category (and, for Chinese, the same script)
/// replaces each code point beyond it. Expressions that name code points beyond the basic plane are refused.
/// </remarks>
internal sealed class RegexPattern : TextPattern
{
    private const RegexOptions Options = RegexOptions.CultureInvariant;
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(1); // and ten microseconds for a character
    private readonly string _translated;
    private Regex _regex;

    public RegexPattern(string expression, string path)
    {
        Expression = expression;
        try
        {
            _translated = OnigurumaSyntax.Translate(expression);
            _regex = new Regex(_translated, Options | RegexOptions.Compiled, s_limit);
        }
        catch (Exception e) when (e is ArgumentException or FormatException or IndexOutOfRangeException or InsufficientExecutionStackException)
        {
            throw new DecantException($"{path}: the regular expression {Shown} cannot be used: {e.Message}", inner: e);
        }
    }

    public override string Expression { get; }

    private string Shown => Expression.Length <= 200 ? Expression : Expression[..200] + "…";

    public override IReadOnlyList<(int Start, int Length)> Matches(ReadOnlySpan<char> text)
    {
        if (text.Length == 0) return [];
        var matches = new List<(int, int)>();
        try
        {
            Find(text, matches);
        }
        catch (RegexMatchTimeoutException e)
        {
            if (!GiveUpBacktracking()) throw TooSlow(text.Length, e);
            matches.Clear();
            try
            {
                Find(text, matches);
            }
            catch (RegexMatchTimeoutException again)
            {
                throw TooSlow(text.Length, again);
            }
        }

        return matches;
    }

    private void Find(ReadOnlySpan<char> text, List<(int Start, int Length)> matches)
    {
        if (text.IndexOfAnyInRange('\uD800', '\uDFFF') >= 0) MatchShadow(text, matches);
        else Match(text, matches);
    }

    /// <summary>
    /// The same matches by the engine with time linear in the text, from now on. It is the slower one where nothing goes wrong, so it comes second; and it knows neither
    /// lookarounds nor possessive quantifiers.
    /// </summary>
    private bool GiveUpBacktracking()
    {
        if ((_regex.Options & RegexOptions.NonBacktracking) != 0) return false;
        try
        {
            _regex = new Regex(_translated, Options | RegexOptions.NonBacktracking, s_limit * 10);
            return true;
        }
        catch (NotSupportedException)
        {
            return false;
        }
    }

    private DecantException TooSlow(int length, Exception cause) => new(
        $"The tokenizer's regular expression {Shown} took longer than {s_limit.TotalSeconds:0} s on a text of {length} characters: it backtracks without end. Use a tokenizer with another one.", inner: cause);

    private void MatchShadow(ReadOnlySpan<char> text, List<(int, int)> matches)
    {
        var shadow = new char[text.Length];
        var places = new int[text.Length + 1];
        var count = 0;
        for (var at = 0; at < text.Length; count++)
        {
            var size = Characters.UnitsAt(text, at);
            shadow[count] = size == 2 ? Shadow(Characters.RuneAt(text, at)) : text[at];
            places[count] = at;
            at += size;
        }

        places[count] = text.Length;
        Match(shadow.AsSpan(0, count), matches);
        for (var i = 0; i < matches.Count; i++)
        {
            var (start, length) = matches[i];
            matches[i] = (places[start], places[start + length] - places[start]);
        }
    }

    private void Match(ReadOnlySpan<char> text, List<(int Start, int Length)> matches)
    {
        var end = -1;
        var (regex, began) = (_regex, Environment.TickCount64);
        var most = regex.MatchTimeout + TimeSpan.FromMicroseconds(10.0 * text.Length);
        foreach (var match in regex.EnumerateMatches(text))
        {
            // The engine counts the time of each match alone.
            if ((matches.Count & 0xFF) == 0xFF && Environment.TickCount64 - began > most.TotalMilliseconds) throw new RegexMatchTimeoutException();
            if (match.Length == 0 && match.Index == end) continue;
            matches.Add((match.Index, match.Length));
            end = match.Index + match.Length;
        }
    }

    private static char Shadow(Rune rune) => Rune.GetUnicodeCategory(rune) switch
    {
        UnicodeCategory.UppercaseLetter => '\u10A0',
        UnicodeCategory.LowercaseLetter => '\u2D00',
        UnicodeCategory.TitlecaseLetter => '\u1F88',
        UnicodeCategory.ModifierLetter => '\uA015',
        UnicodeCategory.OtherLetter => Scripts.NameOf(rune) == "Han" ? '\uFA0E' : '\uA000',
        UnicodeCategory.NonSpacingMark => '\uA802',
        UnicodeCategory.SpacingCombiningMark => '\uA823',
        UnicodeCategory.EnclosingMark => '\u20DD',
        UnicodeCategory.DecimalDigitNumber => '\uA8D0',
        UnicodeCategory.LetterNumber => '\u16EE',
        UnicodeCategory.OtherNumber => '\u2CFD',
        UnicodeCategory.ConnectorPunctuation => '\u203F',
        UnicodeCategory.DashPunctuation => '\u2E1A',
        UnicodeCategory.OpenPunctuation => '\u2E28',
        UnicodeCategory.ClosePunctuation => '\u2E29',
        UnicodeCategory.InitialQuotePunctuation => '\u2E02',
        UnicodeCategory.FinalQuotePunctuation => '\u2E03',
        UnicodeCategory.OtherPunctuation => '\uA874',
        UnicodeCategory.MathSymbol => '\u27C0',
        UnicodeCategory.CurrencySymbol => '\uA838',
        UnicodeCategory.ModifierSymbol => '\uA700',
        UnicodeCategory.OtherSymbol => Characters.IsWord(rune) ? '\u24B6' : '\uA828',
        UnicodeCategory.Format => '\u2061',
        UnicodeCategory.PrivateUse => '\uE000',
        _ => '\uFFFF',
    };
}
