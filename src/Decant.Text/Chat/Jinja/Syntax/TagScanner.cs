using Decant.Text.Chat.Jinja.Running;

namespace Decant.Text.Chat.Jinja.Syntax;

/// <summary>Reads the tokens inside of a tag.</summary>
internal static class TagScanner
{
    private static readonly string[] s_signs = ["//", "**", "==", "!=", "<=", ">=", "+", "-", "*", "/", "%", "~", "<", ">", "=", "(", ")", "[", "]", "{", "}", ".", ":", ",", "|"];

    /// <summary>The token at a place that is no white space; moves behind it.</summary>
    /// <exception cref="DecantException">No token begins there.</exception>
    public static Token Next(string source, ref int at)
    {
        var (begin, place) = (at, new Place(source, at));
        if (source[at] is '"' or '\'')
            return new(TokenKind.Quoted, QuotedText.Read(source, ref at), place);
        if (char.IsAsciiDigit(source[at]))
            return Number(source, ref at, place);
        if (char.IsLetter(source[at]) || source[at] == '_')
        {
            while (at < source.Length && (char.IsLetterOrDigit(source[at]) || source[at] == '_'))
                at++;
            return new(TokenKind.Name, source[begin..at], place);
        }

        foreach (var sign in s_signs)
        {
            if (!source.AsSpan(at).StartsWith(sign, StringComparison.Ordinal))
                continue;
            at += sign.Length;
            return new(TokenKind.Sign, sign, place);
        }

        throw place.Fault($"unexpected character '{source[at]}'; correct the template.");
    }

    private static Token Number(string source, ref int at, Place place)
    {
        var begin = at;
        var isReal = false;
        Digits(source, ref at);
        // a.0.1 are two subscripts
        var mayHavePoint = begin == 0 || source[begin - 1] != '.';
        if (mayHavePoint && at + 1 < source.Length && source[at] == '.' && char.IsAsciiDigit(source[at + 1]))
        {
            (isReal, at) = (true, at + 1);
            Digits(source, ref at);
        }

        if (mayHavePoint && Exponent(source, at) is var behind && behind > at)
        {
            (isReal, at) = (true, behind);
            Digits(source, ref at);
        }

        if (at < source.Length && (char.IsLetter(source[at]) || source[at] == '_'))
            throw place.Fault($"the number '{source[begin..(at + 1)]}' is none that is served; write it in decimal digits.");
        return new(isReal ? TokenKind.Real : TokenKind.Whole, source[begin..at].Replace("_", "", StringComparison.Ordinal), place);
    }

    private static void Digits(string source, ref int at)
    {
        while (at < source.Length && (char.IsAsciiDigit(source[at]) || (source[at] == '_' && at + 1 < source.Length && char.IsAsciiDigit(source[at + 1]))))
            at++;
    }

    private static int Exponent(string source, int at)
    {
        if (at >= source.Length || source[at] is not ('e' or 'E'))
            return at;
        var digits = at + 1 < source.Length && source[at + 1] is '+' or '-' ? at + 2 : at + 1;
        return digits < source.Length && char.IsAsciiDigit(source[digits]) ? digits : at;
    }
}
