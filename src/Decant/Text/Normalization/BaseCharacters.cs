using System.Collections.Frozen;
using System.Globalization;
using System.Text;

namespace Decant.Text;

/// <summary>Takes accents off: canonical decomposition (NFD), then without the non-spacing marks.</summary>
/// <remarks>With a table of its own, since <see cref="string.Normalize()"/> leaves strings as they are in a program with invariant globalization.</remarks>
internal static partial class BaseCharacters
{
    private const int HangulFirst = 0xAC00;
    private const int HangulLast = 0xD7A3;
    private static readonly FrozenDictionary<int, string> s_bases = ReadTable();

    /// <summary>Appends what remains of a character: nothing for an accent, the jamo for a Hangul syllable.</summary>
    public static void Append(StringBuilder text, Rune rune)
    {
        if (rune.IsAscii) text.Append((char)rune.Value);
        else if (rune.Value is >= HangulFirst and <= HangulLast) AppendJamo(text, rune.Value - HangulFirst);
        else if (s_bases.TryGetValue(rune.Value, out var bases)) text.Append(bases);
        else if (Rune.GetUnicodeCategory(rune) != UnicodeCategory.NonSpacingMark) text.Append(rune);
    }

    /// <summary>Unicode chapter 3.12: syllable = (lead × 21 + vowel) × 28 + tail.</summary>
    private static void AppendJamo(StringBuilder text, int syllable)
    {
        text.Append((char)(0x1100 + (syllable / (21 * 28)))).Append((char)(0x1161 + (syllable / 28 % 21)));
        if (syllable % 28 != 0) text.Append((char)(0x11A7 + (syllable % 28)));
    }

    private static FrozenDictionary<int, string> ReadTable()
    {
        var bases = new Dictionary<int, string>();
        foreach (var entry in Table.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            var tab = entry.IndexOf('\t', StringComparison.Ordinal);
            foreach (var composed in entry.AsSpan(tab + 1).EnumerateRunes()) bases[composed.Value] = entry[..tab];
        }

        return bases.ToFrozenDictionary();
    }
}
