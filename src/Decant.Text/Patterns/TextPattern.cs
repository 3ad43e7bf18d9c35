namespace Decant.Text.Patterns;

/// <summary>A literal or a regular expression that is looked for in a text.</summary>
internal abstract class TextPattern
{
    /// <summary>The character, where the pattern is one and no more.</summary>
    public virtual char? OneCharacter => null;

    /// <summary>The expression, where it is one.</summary>
    public virtual string? Expression => null;

    public static TextPattern Literal(string text) => new LiteralPattern(text);

    /// <param name="expression">In the syntax of Oniguruma.</param>
    /// <param name="path">Where it stands, for errors.</param>
    public static TextPattern Regex(string expression, string path) => new RegexPattern(expression, path);

    /// <summary>
    /// The matches in order. One of no characters, as of <c>\b</c>, <c>^</c> or <c>(?=b)</c>, counts unless it stands where the match before it ends, as in Oniguruma; an
    /// empty text has none.
    /// </summary>
    public abstract IReadOnlyList<(int Start, int Length)> Matches(ReadOnlySpan<char> text);
}

internal sealed class LiteralPattern(string literal) : TextPattern
{
    public override char? OneCharacter => literal.Length == 1 ? literal[0] : null;

    public override IReadOnlyList<(int Start, int Length)> Matches(ReadOnlySpan<char> text)
    {
        if (literal.Length == 0) return [];
        var matches = new List<(int, int)>();
        for (var at = 0; text[at..].IndexOf(literal, StringComparison.Ordinal) is var found and >= 0; at += found + literal.Length) matches.Add((at + found, literal.Length));
        return matches;
    }
}
