using System.Text;

namespace Decant.Teachers.Remote.Synthesizing;

/// <summary>A script that letters are of.</summary>
public enum LetterScript
{
    /// <summary>Latin.</summary>
    Latin,

    /// <summary>Cyrillic.</summary>
    Cyrillic,

    /// <summary>Greek.</summary>
    Greek,

    /// <summary>Chinese characters, in Japanese too.</summary>
    Han,

    /// <summary>Hiragana and katakana.</summary>
    Kana,

    /// <summary>Hangul.</summary>
    Hangul,

    /// <summary>Arabic.</summary>
    Arabic,

    /// <summary>Hebrew.</summary>
    Hebrew,

    /// <summary>Devanagari.</summary>
    Devanagari,

    /// <summary>Thai.</summary>
    Thai,
}

/// <summary>Scripts by the blocks of Unicode.</summary>
internal static class LetterScripts
{
    private static readonly (int First, int Last, LetterScript Script)[] s_blocks =
    [
        (0x0041, 0x024F, LetterScript.Latin), (0x0250, 0x02AF, LetterScript.Latin), (0x1E00, 0x1EFF, LetterScript.Latin), (0x2C60, 0x2C7F, LetterScript.Latin), (0xFF21, 0xFF5A, LetterScript.Latin),
        (0x0370, 0x03FF, LetterScript.Greek), (0x1F00, 0x1FFF, LetterScript.Greek), (0x0400, 0x052F, LetterScript.Cyrillic), (0x0590, 0x05FF, LetterScript.Hebrew),
        (0x0600, 0x06FF, LetterScript.Arabic), (0x0750, 0x077F, LetterScript.Arabic), (0xFB50, 0xFDFF, LetterScript.Arabic), (0xFE70, 0xFEFF, LetterScript.Arabic),
        (0x0900, 0x097F, LetterScript.Devanagari), (0x0E00, 0x0E7F, LetterScript.Thai), (0x3040, 0x30FF, LetterScript.Kana), (0x31F0, 0x31FF, LetterScript.Kana), (0xFF66, 0xFF9F, LetterScript.Kana),
        (0x1100, 0x11FF, LetterScript.Hangul), (0x3130, 0x318F, LetterScript.Hangul), (0xAC00, 0xD7AF, LetterScript.Hangul),
        (0x3400, 0x4DBF, LetterScript.Han), (0x4E00, 0x9FFF, LetterScript.Han), (0xF900, 0xFAFF, LetterScript.Han), (0x20000, 0x323AF, LetterScript.Han),
    ];

    /// <summary>The script of a letter; null: another one.</summary>
    public static LetterScript? Of(Rune letter)
    {
        var block = Array.Find(s_blocks, b => letter.Value >= b.First && letter.Value <= b.Last);
        return block.Last == 0 ? null : block.Script;
    }

    /// <summary>The share of a text's letters that are of some scripts; of a text without letters 0.</summary>
    public static double Share(string text, IReadOnlyList<LetterScript> scripts)
    {
        var (letters, these) = (0, 0);
        foreach (var rune in text.EnumerateRunes().Where(Rune.IsLetter))
        {
            letters++;
            these += Of(rune) is { } script && scripts.Contains(script) ? 1 : 0;
        }

        return letters == 0 ? 0 : (double)these / letters;
    }
}
