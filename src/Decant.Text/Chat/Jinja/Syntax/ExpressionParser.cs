using Decant.Text.Chat.Jinja.Nodes;

namespace Decant.Text.Chat.Jinja.Syntax;

/// <summary>Reads expressions: conditions, logic, comparisons and arithmetic, from what binds least to what binds most.</summary>
/// <param name="tokens">The template.</param>
internal sealed class ExpressionParser(TokenReader tokens)
{
    private static readonly string[] s_comparing = ["==", "!=", "<", "<=", ">", ">="];

    /// <summary>An expression; several with commas are a tuple.</summary>
    public Expression ReadTuple()
    {
        var first = Read();
        if (!tokens.Next.IsSign(","))
            return first;
        var items = new List<Expression> { first };
        while (tokens.TakeSign(","))
        {
            if (tokens.Next.Kind is TokenKind.BlockEnd or TokenKind.OutputEnd || tokens.Next.IsSign(")"))
                break;
            items.Add(Read());
        }

        return new Listed(first.At, items, isTuple: true);
    }

    /// <summary>An expression.</summary>
    public Expression Read() => tokens.Nested(() =>
    {
        var value = ReadOr();
        while (tokens.TakeName("if"))
        {
            var condition = ReadOr();
            value = new Choice(value.At, condition, value, tokens.TakeName("else") ? Read() : null);
        }

        return value;
    });

    /// <summary>An expression without a condition behind it: what a loop goes through.</summary>
    public Expression ReadOr()
    {
        var left = ReadAnd();
        while (tokens.Next is var token && tokens.TakeName("or"))
            left = new Logic(token.At, isAnd: false, left, ReadAnd());
        return left;
    }

    /// <summary>A value with filters and tests behind it.</summary>
    public Expression ReadUnary(bool withFilters = true) => tokens.Nested(() =>
    {
        var token = tokens.Next;
        Expression value = tokens.TakeSign("-") ? new Signed(token.At, "-", ReadUnary(false))
            : tokens.TakeSign("+") ? new Signed(token.At, "+", ReadUnary(false))
            : new ValueParser(tokens, this).ReadValue();
        return withFilters ? new ValueParser(tokens, this).ReadFilters(value) : value;
    });

    private Expression ReadAnd()
    {
        var left = ReadNot();
        while (tokens.Next is var token && tokens.TakeName("and"))
            left = new Logic(token.At, isAnd: true, left, ReadNot());
        return left;
    }

    private Expression ReadNot() => tokens.Next is var token && tokens.TakeName("not") ? tokens.Nested(() => (Expression)new Not(token.At, ReadNot())) : ReadComparison();

    private Expression ReadComparison()
    {
        var first = ReadSum();
        var others = new List<(string, Expression)>();
        while (ComparingSign() is { } sign)
            others.Add((sign, ReadSum()));
        return others.Count == 0 ? first : new Comparison(first.At, first, others);
    }

    private string? ComparingSign()
    {
        if (tokens.Next.Kind == TokenKind.Sign && s_comparing.Contains(tokens.Next.Text))
            return tokens.Take().Text;
        if (tokens.TakeName("in"))
            return "in";
        if (!tokens.Next.IsName("not") || !tokens.AfterNext.IsName("in"))
            return null;
        tokens.Take();
        tokens.Take();
        return "not in";
    }

    private Expression ReadSum() => ReadLeft(ReadJoined, "+", "-");

    private Expression ReadJoined()
    {
        var first = ReadProduct();
        if (!tokens.Next.IsSign("~"))
            return first;
        var parts = new List<Expression> { first };
        while (tokens.TakeSign("~"))
            parts.Add(ReadProduct());
        return new Joined(first.At, parts);
    }

    private Expression ReadProduct() => ReadLeft(() => ReadLeft(() => ReadUnary(), "**"), "*", "/", "//", "%");

    private Expression ReadLeft(Func<Expression> read, params string[] signs)
    {
        var left = read();
        while (tokens.Next.Kind == TokenKind.Sign && signs.Contains(tokens.Next.Text))
        {
            var sign = tokens.Take();
            left = new Arithmetic(sign.At, sign.Text, left, read());
        }

        return left;
    }
}
