using System.Globalization;
using System.Text;

namespace Decant.Text.Patterns;

/// <summary>Writes a regular expression of Oniguruma (Ruby's syntax, which the <c>tokenizers</c> library has) in .NET's syntax.</summary>
/// <remarks>What has no counterpart is refused by name.</remarks>
internal sealed class OnigurumaSyntax
{
    /// <summary>How deep groups and classes may lie in one another; published expressions have three or four.</summary>
    public const int MaxDepth = 100;

    /// <summary>How long an expression may be, before it is translated and after.</summary>
    public const int MaxLength = 1 << 18;

    private readonly string _source;
    private readonly StringBuilder _result = new();
    private readonly Stack<(int Start, bool IgnoresCase)> _groups = new();
    private int _at;
    private int _atom; // where the last atom begins in the result
    private bool _ignoresCase;

    private OnigurumaSyntax(string source) => _source = source;

    public static string Translate(string expression)
    {
        if (expression.Length > MaxLength) throw new FormatException($"it has {expression.Length} characters; at most {MaxLength} are read");
        var translation = new OnigurumaSyntax(expression);
        while (translation._at < expression.Length)
        {
            translation.Next();
            if (translation._result.Length > MaxLength) throw new FormatException($"in .NET's syntax it has more than {MaxLength} characters");
        }

        return translation._result.ToString();
    }

    private void Next()
    {
        var c = _source[_at];
        switch (c)
        {
            case '(': Open(); break;
            case ')': Close(); break;
            case '[': Atom(new OnigurumaClass(_source, ref _at).Expression); break;
            case '\\': Atom(OnigurumaEscape.Outside(_source, ref _at)); break;
            case '*' or '+' or '?': Repeat(c.ToString()); break;
            case '{' when Interval() is { } interval: Repeat(interval); break;
            case '^': Atom(@"(?:\A|(?<=\n)(?!\z))"); _at++; break; // not behind a line feed that ends the text
            case '$': Atom("(?m:$)"); _at++; break;
            case '|':
                _result.Append(c);
                _at++;
                break;
            default: Literal(); break;
        }
    }

    private void Atom(string text)
    {
        _atom = _result.Length;
        _result.Append(text);
    }

    private void Literal()
    {
        var c = _source[_at++];
        if (char.IsSurrogate(c)) throw new FormatException("characters beyond U+FFFF are not supported in regular expressions");
        // Case folding by Unicode has a long s (U+017F), which .NET's has not.
        Atom(_ignoresCase && c is 's' or 'S' ? $"[{c}\u017F]" : c is '.' ? "." : c is ' ' or '#' or '{' or '}' or ']' ? $"\\x{(int)c:X2}" : c.ToString());
    }

    private void Open()
    {
        if (_groups.Count == MaxDepth) throw new FormatException($"more than {MaxDepth} groups lie in one another");
        _groups.Push((_result.Length, _ignoresCase));
        if (_at + 1 >= _source.Length || _source[_at + 1] != '?')
        {
            _result.Append('(');
            _at++;
            return;
        }

        foreach (var kind in (string[])["(?:", "(?=", "(?!", "(?<=", "(?<!", "(?>"])
            if (string.CompareOrdinal(_source, _at, kind, 0, kind.Length) == 0)
            {
                _result.Append(kind);
                _at += kind.Length;
                return;
            }

        if (_at + 2 < _source.Length && _source[_at + 2] == '<')
        {
            var end = _source.IndexOf('>', _at);
            if (end < 0) throw new FormatException("a group's name has no end");
            _result.Append(_source, _at, end + 1 - _at);
            _at = end + 1;
        }
        else Flags();
    }

    private void Flags()
    {
        var end = _source.AsSpan(_at).IndexOfAny(':', ')') + _at;
        if (end < _at || _source.AsSpan(_at + 2, end - _at - 2).IndexOfAnyExcept("imx-") >= 0) throw new FormatException($"the group {_source.AsSpan(_at, Math.Min(4, _source.Length - _at))}… is not supported");
        var flags = _source[(_at + 2)..end];
        if (flags.Contains('x', StringComparison.Ordinal)) throw new FormatException("the option x is not supported");
        var isOff = flags.IndexOf('-', StringComparison.Ordinal);
        if (flags.IndexOf('i', StringComparison.Ordinal) is var i and >= 0) _ignoresCase = isOff < 0 || i < isOff;
        _result.Append("(?").Append(flags.Replace('m', 's')).Append(_source[end]); // Ruby's m lets the dot match line feeds
        _at = end + 1;
        if (_source[end] == ')') _groups.Pop();
    }

    private void Close()
    {
        if (!_groups.TryPop(out var group)) throw new FormatException("a parenthesis is closed that was not opened");
        (_atom, _ignoresCase) = group;
        _result.Append(')');
        _at++;
    }

    private string? Interval()
    {
        var end = _source.IndexOf('}', _at);
        if (end < 0) return null;
        var parts = _source[(_at + 1)..end].Split(',');
        if (parts.Length > 2 || parts.Any(part => part.Any(c => !char.IsAsciiDigit(c))) || parts.All(part => part.Length == 0)) return null;
        return parts.Length == 1 ? $"{{{parts[0]}}}" : $"{{{(parts[0].Length == 0 ? "0" : parts[0])},{parts[1]}}}";
    }

    private void Repeat(string quantifier)
    {
        var isInterval = quantifier[0] == '{';
        _at = isInterval ? _source.IndexOf('}', _at) + 1 : _at + 1;
        _result.Append(quantifier);
        if (_at >= _source.Length) return;
        if (_source[_at] == '?')
        {
            _result.Append('?');
            _at++;
        }
        else if (_source[_at] == '+')
        {
            // Possessive; after an interval Ruby takes the plus as a second quantifier.
            _result.Insert(_atom, isInterval ? "(?:" : "(?>").Append(isInterval ? ")+" : ")");
            _at++;
        }
    }
}

/// <summary>The escapes of Oniguruma.</summary>
internal static class OnigurumaEscape
{
    private const string Word = @"\p{L}\p{M}\p{Nd}\p{Nl}\p{Pc}\u24B6-\u24E9";
    private const string NotWord = @"\p{Z}\p{C}\p{S}\p{No}\p{Pd}\p{Ps}\p{Pe}\p{Pi}\p{Pf}\p{Po}"; // but for the circled letters

    /// <summary>An escape that stands by itself.</summary>
    public static string Outside(string source, ref int at)
    {
        var c = at + 1 < source.Length ? source[at + 1] : throw new FormatException("a backslash ends the expression");
        var known = c switch
        {
            'W' => $"[^{Word}]",
            'R' => @"(?:\r\n|[\n\v\f\r\u0085\u2028\u2029])",
            // By its own word characters, among them all marks, but no joiners: .NET has other ones.
            'b' => $"(?:(?<=[{Word}])(?![{Word}])|(?<![{Word}])(?=[{Word}]))",
            'B' => $"(?:(?<=[{Word}])(?=[{Word}])|(?<![{Word}])(?![{Word}]))",
            'A' or 'z' or 'Z' or 'G' or (>= '1' and <= '9') => $"\\{c}",
            'K' or 'X' or 'k' or 'g' or 'Q' or 'E' or 'O' or 'N' or 'y' or 'Y' => throw new FormatException($"the escape \\{c} is not supported"),
            _ => null,
        };
        if (known is null) return $"[{Inside(source, ref at)}]";
        at += 2;
        return known;
    }

    /// <summary>An escape as a part of a character class.</summary>
    public static string Inside(string source, ref int at)
    {
        var c = at + 1 < source.Length ? source[at + 1] : throw new FormatException("a backslash ends the expression");
        at += 2;
        switch (c)
        {
            case 's' or 'S' or 'r' or 'n' or 't' or 'f' or 'v' or 'a' or 'e': return $"\\{c}";
            case 'd': return @"\p{Nd}";
            case 'D': return @"\P{Nd}";
            case 'w': return Word;
            case 'W': return NotWord;
            case 'h': return "0-9a-fA-F";
            case '0': return @"\x00";
            case 'b': return @"\x08";
            case 'x' or 'u': return Code(source, c, ref at);
            case 'p' or 'P': return Property(source, c == 'P', ref at);
            default: return char.IsAsciiLetterOrDigit(c) ? throw new FormatException($"the escape \\{c} is not supported") : Unit(c);
        }
    }

    /// <summary>A character by its number.</summary>
    public static string Unit(int code) => code <= 0xFFFF ? $"\\u{code:X4}" : throw new FormatException("characters beyond U+FFFF are not supported in regular expressions");

    private static string Code(string source, char kind, ref int at)
    {
        string digits;
        if (at < source.Length && source[at] == '{')
        {
            var end = source.IndexOf('}', at);
            digits = end < 0 ? "" : source[(at + 1)..end];
            at = end + 1;
        }
        else
        {
            var start = at;
            while (at < source.Length && at - start < (kind == 'x' ? 2 : 4) && char.IsAsciiHexDigit(source[at])) at++;
            digits = source[start..at];
        }

        return int.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var code) ? Unit(code) : throw new FormatException($"\\{kind}{digits} is no character");
    }

    private static string Property(string source, bool isNegated, ref int at)
    {
        string name;
        if (at < source.Length && source[at] == '{')
        {
            var end = source.IndexOf('}', at);
            if (end < 0) throw new FormatException("a property's name has no end");
            name = source[(at + 1)..end];
            at = end + 1;
        }
        else name = at < source.Length ? source[at++].ToString() : "";

        if (name.StartsWith('^')) (name, isNegated) = (name[1..], !isNegated);
        return UnicodeProperty.Expression(name, isNegated);
    }
}
