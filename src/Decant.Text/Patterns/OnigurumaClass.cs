using System.Text;

namespace Decant.Text.Patterns;

/// <summary>A character class of Oniguruma, with classes inside of it and intersections, as an expression of .NET that matches one character.</summary>
internal readonly ref struct OnigurumaClass
{
    /// <param name="source">The expression.</param>
    /// <param name="at">Where the class begins; afterwards, behind it.</param>
    /// <param name="depth">In how many classes it lies.</param>
    public OnigurumaClass(string source, ref int at, int depth = 0)
    {
        if (depth == OnigurumaSyntax.MaxDepth) throw new FormatException($"more than {OnigurumaSyntax.MaxDepth} character classes lie in one another");
        at++;
        var isNegated = at < source.Length && source[at] == '^';
        if (isNegated) at++;
        var operands = new List<string>();
        var members = new StringBuilder();
        var alternatives = new List<string>();
        var isFirst = true;
        while (true)
        {
            if (at >= source.Length) throw new FormatException("a character class has no end");
            if (source[at] == ']' && !isFirst) break;
            isFirst = false;
            if (source[at] == '&' && at + 1 < source.Length && source[at + 1] == '&')
            {
                operands.Add(Union(members, alternatives));
                members.Clear();
                alternatives.Clear();
                at += 2;
            }
            else Member(source, ref at, depth, members, alternatives);
        }

        at++;
        Expression = operands.Count == 0 && alternatives.Count == 0
            ? $"[{(isNegated ? "^" : "")}{members}]"
            : Negate(isNegated, Intersection([.. operands, Union(members, alternatives)]));
    }

    public string Expression { get; }

    private static void Member(string source, ref int at, int depth, StringBuilder members, List<string> alternatives)
    {
        if (source[at] == '[')
        {
            if (at + 1 < source.Length && source[at + 1] == ':') members.Append(Posix(source, ref at));
            else alternatives.Add(new OnigurumaClass(source, ref at, depth + 1).Expression);
            return;
        }

        var low = One(source, ref at);
        if (at + 1 < source.Length && source[at] == '-' && source[at + 1] != ']' && low.StartsWith(@"\u", StringComparison.Ordinal) && low.Length == 6)
        {
            at++;
            low += "-" + One(source, ref at);
        }

        members.Append(low);
    }

    private static string One(string source, ref int at)
    {
        if (source[at] != '\\') return OnigurumaEscape.Unit(char.IsSurrogate(source[at]) ? 0x10000 : source[at++]);
        var escape = OnigurumaEscape.Inside(source, ref at);
        return escape switch { @"\r" => @"\u000D", @"\n" => @"\u000A", @"\t" => @"\u0009", @"\x00" => @"\u0000", _ => escape };
    }

    private static string Posix(string source, ref int at)
    {
        var end = source.IndexOf(":]", at, StringComparison.Ordinal);
        if (end < 0) throw new FormatException("a class [: has no end");
        var name = source[(at + 2)..end];
        at = end + 2;
        var isNegated = name.StartsWith('^');
        return UnicodeProperty.Expression(isNegated ? name[1..] : name, isNegated);
    }

    private static string Union(StringBuilder members, List<string> alternatives) =>
        members.Length > 0 ? $"(?:[{members}]{string.Concat(alternatives.Select(part => "|" + part))})" : alternatives.Count > 0 ? $"(?:{string.Join('|', alternatives)})" : "(?!)";

    private static string Intersection(string[] operands) => operands.Length == 1 ? operands[0] : $"(?:{string.Concat(operands[..^1].Select(operand => $"(?={operand})"))}{operands[^1]})";

    private static string Negate(bool isNegated, string expression) => isNegated ? $@"(?:(?!{expression})[\s\S])" : expression;
}
