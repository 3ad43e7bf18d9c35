using System.Buffers;
using System.Text;

namespace Decant.Text;

/// <summary>Puts words together as their language writes them, to be shown: English with spaces between, Chinese, Japanese, Thai and their like without.</summary>
/// <remarks>
/// No space stands between two words that touch with characters of scripts without spaces. In a sentence with such characters two words of one character each are
/// joined too, for there every character is a word: <c>2 0 0 8 年</c> is <c>2008年</c>.
/// </remarks>
internal static class WordSpacing
{
    // First and last code points: South-East Asia, Tibetan aside, which has marks of its own; then East Asia without Hangul, which is written with spaces.
    private static readonly (int First, int Last)[] s_unspaced =
    [
        (0x0E00, 0x0EFF), (0x1000, 0x109F), (0x1780, 0x17FF), (0x2E80, 0x2FDF), (0x3000, 0x312F), (0x31A0, 0x31BF), (0x31F0, 0x33FF), (0x3400, 0x4DBF),
        (0x4E00, 0x9FFF), (0xF900, 0xFAFF), (0xFE30, 0xFE4F), (0xFF00, 0xFF9F), (0x20000, 0x323AF),
    ];

    /// <summary>The words from <paramref name="start"/> to before <paramref name="end"/> as one text.</summary>
    /// <param name="sentence">All words of the sentence: they say what language it is.</param>
    /// <param name="start">The first word.</param>
    /// <param name="end">The word after the last.</param>
    public static string Join(IReadOnlyList<string> sentence, int start, int end)
    {
        var spaces = SpacesIn(sentence);
        var text = new StringBuilder();
        for (var i = start; i < end; i++)
        {
            if (i > start && spaces[i - 1]) text.Append(' ');
            text.Append(sentence[i]);
        }

        return text.ToString();
    }

    /// <summary>Whether a space stands after each word of a sentence; none does after the last.</summary>
    public static bool[] SpacesIn(IReadOnlyList<string> sentence)
    {
        var isUnspaced = sentence.Any(word => word.EnumerateRunes().Any(IsUnspaced));
        var spaces = new bool[sentence.Count];
        for (var i = 0; i + 1 < spaces.Length; i++)
            spaces[i] = !isUnspaced || !(Touch(sentence[i], sentence[i + 1]) || (IsOne(sentence[i]) && IsOne(sentence[i + 1])));
        return spaces;
    }

    private static bool Touch(string left, string right) =>
        Rune.DecodeLastFromUtf16(left, out var last, out _) == OperationStatus.Done && IsUnspaced(last)
        && Rune.DecodeFromUtf16(right, out var first, out _) == OperationStatus.Done && IsUnspaced(first);

    private static bool IsOne(string word) => word.EnumerateRunes().Take(2).Count() == 1;

    /// <summary>Whether a character is of a script that is written without spaces between words.</summary>
    public static bool IsUnspaced(Rune rune) => Array.Exists(s_unspaced, range => rune.Value >= range.First && rune.Value <= range.Last);
}
