using System.Text;
using Decant.Text;
using Decant.Text.Normalization;
using Decant.Text.Unicode;

namespace Decant.Data.Duplicates;

/// <summary>A text as the hashes of its words, after NFKC and in lower case, without punctuation and white space.</summary>
internal static class TextParts
{
    private const ulong Offset = 0xCBF29CE484222325; // FNV-1a, 64 bits
    private const ulong Prime = 0x100000001B3;
    private const ulong Gap = 0x9E3779B97F4A7C15;

    /// <summary>The parts of a text. One without a letter or a digit has its signs for parts.</summary>
    /// <param name="text">The text.</param>
    /// <param name="unit">Words (characters of scripts without spaces are words), or characters with one part between words.</param>
    public static ulong[] Of(string text, ShingleUnit unit = ShingleUnit.Words)
    {
        var isAscii = Ascii.IsValid(text);
        if (!isAscii)
            text = new UnicodeNormalizer(compose: true, compatibility: true).Normalize(Characters.WellFormed(text));
        var parts = new List<ulong>((text.Length / (unit == ShingleUnit.Words && isAscii ? 4 : 1)) + 1);
        if (unit == ShingleUnit.Words)
            Words(text, parts);
        else
            Letters(text, parts);
        if (parts.Count == 0)
            parts.AddRange(text.EnumerateRunes().Where(rune => !Rune.IsWhiteSpace(rune)).Select(rune => Rng.Mix((ulong)rune.Value)));
        return [.. parts];
    }

    /// <summary>One hash of all parts, in their order.</summary>
    public static ulong Whole(ReadOnlySpan<ulong> parts)
    {
        var hash = (ulong)parts.Length;
        foreach (var part in parts)
            hash = Rng.Mix(hash ^ part);
        return hash;
    }

    private static void Words(string text, List<ulong> parts)
    {
        var (word, isInWord) = (Offset, false);
        foreach (var rune in text.EnumerateRunes())
        {
            var isWord = Characters.IsWord(rune);
            var isAlone = isWord && !rune.IsAscii && WordSpacing.IsUnspaced(rune);
            if (isInWord && (!isWord || isAlone))
            {
                parts.Add(Rng.Mix(word));
                (word, isInWord) = (Offset, false);
            }

            if (!isWord)
                continue;
            var hash = (word ^ (ulong)Lower(rune)) * Prime;
            if (isAlone)
                parts.Add(Rng.Mix(hash));
            else
                (word, isInWord) = (hash, true);
        }

        if (isInWord)
            parts.Add(Rng.Mix(word));
    }

    private static void Letters(string text, List<ulong> parts)
    {
        var isGap = false;
        foreach (var rune in text.EnumerateRunes())
        {
            if (!Characters.IsWord(rune))
            {
                isGap = parts.Count > 0;
                continue;
            }

            if (isGap)
                parts.Add(Gap);
            isGap = false;
            parts.Add(Rng.Mix((ulong)Lower(rune)));
        }
    }

    private static int Lower(Rune rune) => Rune.ToLowerInvariant(rune).Value;
}
