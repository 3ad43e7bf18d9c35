using System.Globalization;
using System.Text;
using Decant.Text.Chat.Jinja.Running;

namespace Decant.Text.Chat.Jinja.Syntax;

/// <summary>Reads quoted texts, with Python's escapes.</summary>
internal static class QuotedText
{
    /// <summary>What a quoted text says; moves behind it.</summary>
    /// <exception cref="DecantException">It is not closed, or has a damaged escape.</exception>
    public static string Read(string source, ref int at)
    {
        var (begin, quote) = (at, source[at]);
        var text = new StringBuilder();
        for (at++; at < source.Length && source[at] != quote;)
        {
            if (source[at] == '\\' && at + 1 < source.Length)
                Escape(source, ref at, text);
            else
                text.Append(source[at++]);
        }

        if (at >= source.Length)
            throw new Place(source, begin).Fault($"the text is not closed; close it with {quote}.");
        at++;
        return text.ToString();
    }

    private static void Escape(string source, ref int at, StringBuilder text)
    {
        var begin = at;
        var kind = source[at + 1];
        at += 2;
        if (kind is 'x' or 'u' or 'U')
            text.Append(Numbered(source, ref at, begin, kind switch { 'x' => 2, 'u' => 4, _ => 8 }));
        else if (kind is >= '0' and <= '7')
            text.Append(Octal(source, ref at));
        else if (kind == 'N')
            throw new Place(source, begin).Fault("names of characters (\\N{…}) are not served; write the character itself.");
        else if (Simple(kind) is { } one)
            text.Append(one);
        else if (kind != '\n')
            text.Append('\\').Append(kind);
    }

    private static char? Simple(char kind) => kind switch
    {
        'n' => '\n',
        't' => '\t',
        'r' => '\r',
        '\\' => '\\',
        '\'' => '\'',
        '"' => '"',
        'a' => '\a',
        'b' => '\b',
        'f' => '\f',
        'v' => '\v',
        _ => null,
    };

    private static string Numbered(string source, ref int at, int begin, int digits)
    {
        if (at + digits > source.Length || !int.TryParse(source.AsSpan(at, digits), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var code) || code is < 0 or > 0x10FFFF)
            throw new Place(source, begin).Fault($"expected {digits} hexadecimal digits of a character behind '{source.AsSpan(begin, 2)}'; correct them.");
        at += digits;
        // Half of a surrogate pair is kept as it is, so that two of them make their character.
        return code is >= 0xD800 and <= 0xDFFF ? ((char)code).ToString() : char.ConvertFromUtf32(code);
    }

    private static char Octal(string source, ref int at)
    {
        var code = source[at - 1] - '0';
        for (var i = 0; i < 2 && at < source.Length && source[at] is >= '0' and <= '7'; i++)
            code = (code * 8) + source[at++] - '0';
        return (char)code;
    }
}
