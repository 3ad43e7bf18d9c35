using System.Globalization;
using System.Text;

namespace Decant.Text.Chat.Jinja.Values;

/// <summary>Texts as Python has them: sequences of code points, with Python's white space.</summary>
internal static class PyText
{
    /// <summary>What <c>str.isspace</c> is true of.</summary>
    public static char[] Spaces { get; } = [.. Enumerable.Range(0, 0x10000).Select(i => (char)i).Where(IsSpace)];

    /// <summary>Whether a character is white space.</summary>
    public static bool IsSpace(char c) => char.IsWhiteSpace(c) || c is >= '\x1c' and <= '\x1f';

    /// <summary>How many code points it has.</summary>
    public static int Length(string text)
    {
        var length = text.Length;
        for (var i = 1; i < text.Length; i++)
            if (char.IsSurrogatePair(text[i - 1], text[i]))
                length--;
        return length;
    }

    /// <summary>Its code points, each as a text.</summary>
    public static IReadOnlyList<string> Points(string text)
    {
        var points = new List<string>(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            var length = i + 1 < text.Length && char.IsSurrogatePair(text[i], text[i + 1]) ? 2 : 1;
            points.Add(text.Substring(i, length));
            i += length - 1;
        }

        return points;
    }

    /// <summary>The place of a code point in UTF-16 units.</summary>
    public static int UnitOf(string text, int point)
    {
        var unit = 0;
        for (; point > 0 && unit < text.Length; point--)
            unit += unit + 1 < text.Length && char.IsSurrogatePair(text[unit], text[unit + 1]) ? 2 : 1;
        return unit;
    }

    /// <summary>Which comes first, by code points.</summary>
    public static int Compare(string a, string b)
    {
        var length = Math.Min(a.Length, b.Length);
        for (var i = 0; i < length; i++)
            if (a[i] != b[i])
                return Weight(a[i]).CompareTo(Weight(b[i]));
        return a.Length.CompareTo(b.Length);

        // Surrogates stand for what comes after all other units.
        static int Weight(char c) => char.IsSurrogate(c) ? c + 0x10000 : c;
    }

    /// <summary>Its lines, as <c>str.splitlines</c>.</summary>
    public static List<string> Lines(string text, bool keepsEnds = false)
    {
        var lines = new List<string>();
        for (var begin = 0; begin < text.Length;)
        {
            var end = begin;
            while (end < text.Length && !IsLineEnd(text[end]))
                end++;
            var next = end == text.Length ? end : text[end] == '\r' && end + 1 < text.Length && text[end + 1] == '\n' ? end + 2 : end + 1;
            lines.Add(text[begin..(keepsEnds ? next : end)]);
            begin = next;
        }

        return lines;
    }

    /// <summary>Every word begins with a capital, as <c>str.title</c>.</summary>
    public static string Title(string text)
    {
        var made = new StringBuilder(text.Length);
        var inWord = false;
        foreach (var rune in text.EnumerateRunes())
        {
            made.Append(inWord ? Rune.ToLowerInvariant(rune) : Rune.ToUpperInvariant(rune));
            inWord = Rune.IsLetter(rune);
        }

        return made.ToString();
    }

    /// <summary>The first letter a capital, all others small.</summary>
    public static string Capitalize(string text)
    {
        var first = UnitOf(text, 1);
        return text[..first].ToUpperInvariant() + text[first..].ToLowerInvariant();
    }

    /// <summary>Whether there is a letter with two cases, and all of them have this one.</summary>
    public static bool HasCase(string text, bool isUpper)
    {
        var any = false;
        foreach (var rune in text.EnumerateRunes())
        {
            var category = Rune.GetUnicodeCategory(rune);
            if (category is not (UnicodeCategory.UppercaseLetter or UnicodeCategory.LowercaseLetter or UnicodeCategory.TitlecaseLetter))
                continue;
            if ((category == UnicodeCategory.UppercaseLetter) != isUpper || category == UnicodeCategory.TitlecaseLetter)
                return false;
            any = true;
        }

        return any;
    }

    private static bool IsLineEnd(char c) => c is '\n' or '\r' or '\v' or '\f' or (>= '\x1c' and <= '\x1e') or '\x85' or '\u2028' or '\u2029';
}
