using System.Globalization;
using System.Text;

namespace Decant.Evaluation.Texts;

/// <summary>
/// What a word is where texts are compared: a run of letters, marks and digits, in lower case and in Unicode's form C; a Chinese ideograph, or a letter of kana, is a word of its own.
/// Everything else separates words, and there is no stemming. Words do not depend on a tokenizer, so that models with different ones can be compared.
/// </summary>
internal static class TextWords
{
    /// <summary>The words of a text, in order.</summary>
    public static string[] Of(string text)
    {
        var words = new List<string>();
        var word = new StringBuilder();
        foreach (var rune in PlainText.Composed(text).EnumerateRunes())
        {
            var isPart = IsPart(rune);
            if (!isPart || StandsAlone(rune))
                End();
            if (isPart)
                word.Append(Rune.ToLowerInvariant(rune).ToString());
            if (StandsAlone(rune))
                End();
        }

        End();
        return [.. words];

        void End()
        {
            if (word.Length > 0)
                words.Add(word.ToString());
            word.Clear();
        }
    }

    private static bool IsPart(Rune rune) =>
        Rune.IsLetterOrDigit(rune) || Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.LetterNumber;

    // Scripts that put no spaces between words: ideographs with their repetition mark and zero, kana.
    private static bool StandsAlone(Rune rune) => IsPart(rune) && rune.Value is
        (>= 0x3005 and <= 0x3007) or (>= 0x3041 and <= 0x30FF) or (>= 0x31F0 and <= 0x31FF) or (>= 0x3400 and <= 0x4DBF) or (>= 0x4E00 and <= 0x9FFF) or (>= 0xF900 and <= 0xFAFF) or (>= 0xFF66 and <= 0xFF9D)
        or (>= 0x20000 and <= 0x3FFFF);
}
