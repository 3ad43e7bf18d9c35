using System.Globalization;
using System.Text;

namespace Decant.Runs.Exporting.CSharp;

/// <summary>Texts of others as parts of generated files.</summary>
internal static class CSharpText
{
    /// <summary>A string in C#, with its quotes; what cannot be seen is escaped.</summary>
    public static string Literal(string text)
    {
        var literal = new StringBuilder("\"");
        foreach (var c in text)
        {
            if (c is '"' or '\\')
                literal.Append('\\').Append(c);
            else if (c != ' ' && (char.IsSurrogate(c) || IsUnseen(char.GetUnicodeCategory(c))))
                literal.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}");
            else
                literal.Append(c);
        }

        return literal.Append('"').ToString();
    }

    /// <summary>A text within documentation comments, on one line.</summary>
    public static string Comment(string text) => OneLine(text).Replace("&", "&amp;", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal).Replace(">", "&gt;", StringComparison.Ordinal);

    /// <summary>A text as code in a table of Markdown.</summary>
    public static string Cell(string text)
    {
        var line = OneLine(text).Replace("|", "\\|", StringComparison.Ordinal);
        return line.Contains('`', StringComparison.Ordinal) ? $"`` {line} ``" : $"`{line}`";
    }

    private static string OneLine(string text) => string.Concat(text.EnumerateRunes().Select(r => Rune.IsWhiteSpace(r) ? " " : IsUnseen(Rune.GetUnicodeCategory(r)) ? "" : r.ToString()));

    private static bool IsUnseen(UnicodeCategory category) => category is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator
        or UnicodeCategory.ParagraphSeparator or UnicodeCategory.SpaceSeparator or UnicodeCategory.OtherNotAssigned or UnicodeCategory.PrivateUse;
}
