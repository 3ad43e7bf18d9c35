using System.Text;

namespace Decant.Cli.Hosting;

/// <summary>Text that comes from a file or a model, made harmless for a terminal: an escape sequence in it could retitle the window, overwrite lines or answer as if typed.</summary>
internal static class TerminalText
{
    /// <summary>
    /// The same text with every control character but line ends and tabs replaced by its picture (ESC as ␛), C1 controls and those that reorder
    /// writing (U+202A–202E, U+2066–2069) by U+FFFD.
    /// </summary>
    public static string Neutral(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (!text.Any(IsActive))
            return text;
        var neutral = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
            neutral.Append(text[i] == '\r' && i + 1 < text.Length && text[i + 1] == '\n' ? '\r' : Neutral(text[i]));
        return neutral.ToString();
    }

    private static char Neutral(char value) => !IsActive(value) ? value : value switch
    {
        < ' ' => (char)(0x2400 + value),
        '\x7f' => '\u2421',
        _ => '\ufffd',
    };

    private static bool IsActive(char value) => value is not ('\n' or '\t') && (char.IsControl(value) || value is (>= '\u202a' and <= '\u202e') or (>= '\u2066' and <= '\u2069'));
}
