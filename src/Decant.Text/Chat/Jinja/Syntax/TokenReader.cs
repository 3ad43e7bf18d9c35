namespace Decant.Text.Chat.Jinja.Syntax;

/// <summary>Goes through the tokens of a template.</summary>
/// <param name="tokens">Them, an end last.</param>
internal sealed class TokenReader(IReadOnlyList<Token> tokens)
{
    private const int Deepest = 100;
    private int _next;
    private int _depth;

    /// <summary>How many conditions are around what is read: filters and tests there are looked for once they are used, as Jinja does it.</summary>
    public int Conditions { get; set; }

    /// <summary>The next token.</summary>
    public Token Next => tokens[_next];

    /// <summary>The one behind it.</summary>
    public Token AfterNext => tokens[Math.Min(_next + 1, tokens.Count - 1)];

    /// <summary>Reads a token.</summary>
    public Token Take()
    {
        var token = tokens[_next];
        if (_next < tokens.Count - 1)
            _next++;
        return token;
    }

    /// <summary>Reads an operator where it stands next.</summary>
    public bool TakeSign(string sign) => Next.IsSign(sign) && Take().Kind == TokenKind.Sign;

    /// <summary>Reads a keyword where it stands next.</summary>
    public bool TakeName(string name) => Next.IsName(name) && Take().Kind == TokenKind.Name;

    /// <summary>Reads a token of a kind.</summary>
    /// <exception cref="DecantException">Another is next.</exception>
    public Token Take(TokenKind kind, string expected) => Next.Kind == kind ? Take() : throw Unexpected(expected);

    /// <summary>Reads an operator.</summary>
    /// <exception cref="DecantException">Another token is next.</exception>
    public void NeedSign(string sign)
    {
        if (!TakeSign(sign))
            throw Unexpected($"'{sign}'");
    }

    /// <summary>Reads a keyword.</summary>
    /// <exception cref="DecantException">Another token is next.</exception>
    public void NeedName(string name)
    {
        if (!TakeName(name))
            throw Unexpected($"'{name}'");
    }

    /// <summary>What is wrong with the next token.</summary>
    public DecantException Unexpected(string expected) => Next.At.Fault($"expected {expected}, came {Next.Shown}; correct the template.");

    /// <summary>Reads what is nested, within bounds.</summary>
    /// <exception cref="DecantException">It is nested too deep.</exception>
    public T Nested<T>(Func<T> read)
    {
        if (++_depth > Deepest)
            throw Next.At.Fault($"more than {Deepest} levels within each other; simplify the template.");
        var made = read();
        _depth--;
        return made;
    }
}
