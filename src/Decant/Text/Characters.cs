using System.Globalization;
using System.Text;

namespace Decant.Text;

/// <summary>The classes of characters that tokenizers cut by; as in the <c>tokenizers</c> library.</summary>
internal static class Characters
{
    /// <summary>Control, format, private-use and surrogate characters, but not tab, line feed and carriage return.</summary>
    public static bool IsControl(Rune rune) => rune.Value is not ('\t' or '\n' or '\r')
        && Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.PrivateUse or UnicodeCategory.Surrogate;

    /// <summary>The punctuation of Unicode, and all of ASCII that is neither letter, digit, white space nor control.</summary>
    public static bool IsPunctuation(Rune rune) => rune.IsAscii ? rune.Value is (>= 33 and <= 47) or (>= 58 and <= 64) or (>= 91 and <= 96) or (>= 123 and <= 126) : Rune.IsPunctuation(rune);

    /// <summary>Chinese characters, which BERT takes as words: the CJK ideograph blocks, but neither kana nor Hangul.</summary>
    public static bool IsChinese(Rune rune) => rune.Value is
        (>= 0x4E00 and <= 0x9FFF) or (>= 0x3400 and <= 0x4DBF) or (>= 0x20000 and <= 0x2A6DF) or (>= 0x2A700 and <= 0x2B73F)
        or (>= 0x2B740 and <= 0x2B81F) or (>= 0x2B820 and <= 0x2CEAF) or (>= 0xF900 and <= 0xFAFF) or (>= 0x2F800 and <= 0x2FA1F);

    /// <summary>Lower-cases character by character, without regard to the language or to the end of a word.</summary>
    public static void AppendLower(StringBuilder text, Rune rune)
    {
        if (rune.Value == 0x130) text.Append("i\u0307"); // the one character with two in lower case
        else text.Append(Rune.ToLowerInvariant(rune));
    }
}
