using System.Text;
using Decant.Text.Normalization;
using Decant.Text.Unicode;

namespace Decant.Evaluation.Texts;

/// <summary>Texts without what does not count where they are compared.</summary>
internal static class PlainText
{
    private static readonly UnicodeNormalizer s_composed = new(compose: true, compatibility: false);

    /// <summary>The text in Unicode's form C.</summary>
    public static string Composed(string text) => s_composed.Normalize(Characters.WellFormed(text));

    /// <summary>The same without white space around it, and with one space for each run of white space within.</summary>
    public static string Spaced(string text)
    {
        var plain = new StringBuilder(text.Length);
        foreach (var c in Composed(text).Trim())
        {
            if (!char.IsWhiteSpace(c))
                plain.Append(c);
            else if (plain[^1] != ' ')
                plain.Append(' ');
        }

        return plain.ToString();
    }
}
