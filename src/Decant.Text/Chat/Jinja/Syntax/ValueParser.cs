using System.Globalization;
using Decant.Text.Chat.Jinja.Library;
using Decant.Text.Chat.Jinja.Nodes;
using Decant.Text.Chat.Jinja.Values;

namespace Decant.Text.Chat.Jinja.Syntax;

/// <summary>Reads values, and what stands behind them: attributes, subscripts, calls, filters, tests.</summary>
/// <param name="tokens">The template.</param>
/// <param name="expressions">Reads the expressions within.</param>
internal sealed class ValueParser(TokenReader tokens, ExpressionParser expressions)
{
    /// <summary>A value with its attributes, subscripts and calls.</summary>
    public Expression ReadValue() => ReadBehind(ReadPrimary());

    /// <summary>The filters and tests behind a value.</summary>
    public Expression ReadFilters(Expression value)
    {
        while (true)
        {
            if (tokens.TakeSign("|"))
                value = ReadFilter(value);
            else if (tokens.TakeName("is"))
                value = ReadTest(value);
            else if (tokens.Next.IsSign("("))
                value = new Call(tokens.Next.At, value, ReadArguments());
            else
                return value;
        }
    }

    /// <summary>A filter, behind its sign.</summary>
    /// <exception cref="DecantException">It is none that is served.</exception>
    public Expression ReadFilter(Expression value)
    {
        var name = tokens.Take(TokenKind.Name, "the name of a filter");
        var filter = Filters.Find(name.Text) ?? ((_, _, _) => throw new ValueError(Filters.Unknown(name.Text)));
        if (Filters.Find(name.Text) is null && tokens.Conditions == 0)
            throw name.At.Fault(Filters.Unknown(name.Text));
        return new Filtered(name.At, value, name.Text, filter, tokens.Next.IsSign("(") ? ReadArguments() : ArgumentList.None);
    }

    /// <summary>Arguments in brackets.</summary>
    public ArgumentList ReadArguments()
    {
        tokens.NeedSign("(");
        var (positional, named) = (new List<Expression>(), new List<(string Name, Expression Value)>());
        while (!tokens.TakeSign(")"))
        {
            if (positional.Count + named.Count > 0)
                tokens.NeedSign(",");
            if (tokens.TakeSign(")"))
                break;
            if (tokens.Next.IsSign("**"))
                throw tokens.Next.At.Fault("'**' before an argument is not served; write the arguments one by one.");
            if (tokens.Next.Kind == TokenKind.Name && tokens.AfterNext.IsSign("="))
                ReadNamed(named);
            else if (tokens.Next is var star && tokens.TakeSign("*"))
                positional.Add(new Spread(star.At, expressions.Read()));
            else if (named.Count > 0)
                throw tokens.Unexpected("an argument with a name, behind another one");
            else
                positional.Add(expressions.Read());
        }

        return new(positional, named);
    }

    private void ReadNamed(List<(string Name, Expression Value)> named)
    {
        var name = tokens.Take();
        tokens.Take();
        if (named.Any(other => other.Name == name.Text))
            throw name.At.Fault($"the argument '{name.Text}' stands twice; take one out.");
        named.Add((name.Text, expressions.Read()));
    }

    private Expression ReadTest(Expression value)
    {
        var isNot = tokens.TakeName("not");
        var name = tokens.Take(TokenKind.Name, "the name of a test");
        var test = Tests.Find(name.Text) ?? ((_, _) => throw new ValueError(Tests.Unknown(name.Text)));
        if (Tests.Find(name.Text) is null && tokens.Conditions == 0)
            throw name.At.Fault(Tests.Unknown(name.Text));
        var arguments = tokens.Next.IsSign("(") ? ReadArguments() : BeginsValue() ? new ArgumentList([ReadValue()], []) : ArgumentList.None;
        Expression tested = new Tested(name.At, value, name.Text, test, arguments);
        return isNot ? new Not(name.At, tested) : tested;
    }

    private bool BeginsValue() => tokens.Next.Kind switch
    {
        TokenKind.Name => tokens.Next.Text is not ("else" or "or" or "and" or "if" or "in" or "not" or "is"),
        TokenKind.Quoted or TokenKind.Whole or TokenKind.Real => true,
        TokenKind.Sign => tokens.Next.Text is "[" or "{",
        _ => false,
    };

    private Expression ReadPrimary()
    {
        var token = tokens.Take();
        switch (token.Kind)
        {
            case TokenKind.Name:
                return Named(token);
            case TokenKind.Quoted:
                return new Literal(token.At, ReadQuoted(token));
            case TokenKind.Whole:
                return new Literal(token.At, long.TryParse(token.Text, CultureInfo.InvariantCulture, out var whole) ? whole : throw token.At.Fault($"the number {token.Shown} is larger than all that are served."));
            case TokenKind.Real:
                return new Literal(token.At, double.Parse(token.Text, CultureInfo.InvariantCulture));
            case TokenKind.Sign when token.Text == "(":
                return ReadBracket(token);
            case TokenKind.Sign when token.Text == "[":
                return new Listed(token.At, ReadItems("]", expressions.Read), isTuple: false);
            case TokenKind.Sign when token.Text == "{":
                return new Keyed(token.At, ReadItems("}", ReadEntry));
            default:
                throw token.At.Fault($"expected a value, came {token.Shown}; correct the template.");
        }
    }

    private static Expression Named(Token token) => token.Text switch
    {
        "true" or "True" => new Literal(token.At, true),
        "false" or "False" => new Literal(token.At, false),
        "none" or "None" => new Literal(token.At, null),
        _ => new Name(token.At, token.Text),
    };

    private string ReadQuoted(Token token)
    {
        var text = token.Text;
        while (tokens.Next.Kind == TokenKind.Quoted)
            text += tokens.Take().Text;
        return text;
    }

    private Expression ReadBracket(Token open)
    {
        if (tokens.TakeSign(")"))
            return new Listed(open.At, [], isTuple: true);
        var value = expressions.ReadTuple();
        tokens.NeedSign(")");
        return value;
    }

    private (Expression Key, Expression Value) ReadEntry()
    {
        var key = expressions.Read();
        tokens.NeedSign(":");
        return (key, expressions.Read());
    }

    private List<T> ReadItems<T>(string close, Func<T> read)
    {
        var items = new List<T>();
        while (!tokens.TakeSign(close))
        {
            if (items.Count > 0)
                tokens.NeedSign(",");
            if (tokens.TakeSign(close))
                break;
            items.Add(read());
        }

        return items;
    }

    private Expression ReadBehind(Expression value)
    {
        while (tokens.Next is { Kind: TokenKind.Sign } token)
        {
            if (tokens.TakeSign("."))
                value = ReadMember(value, token);
            else if (tokens.TakeSign("["))
                value = ReadSubscript(value, token);
            else if (token.IsSign("("))
                value = new Call(token.At, value, ReadArguments());
            else
                break;
        }

        return value;
    }

    private Expression ReadMember(Expression value, Token point)
    {
        var name = tokens.Take();
        return name.Kind switch
        {
            TokenKind.Name => new Member(point.At, value, name.Text),
            TokenKind.Whole when long.TryParse(name.Text, CultureInfo.InvariantCulture, out var index) => new Subscript(point.At, value, new Literal(name.At, index)),
            _ => throw name.At.Fault($"expected a name behind '.', came {name.Shown}; correct the template."),
        };
    }

    private Expression ReadSubscript(Expression value, Token open)
    {
        var bounds = new Expression?[3];
        var count = 0;
        var isSlice = false;
        while (!tokens.TakeSign("]"))
        {
            if (tokens.TakeSign(":"))
            {
                isSlice = true;
                if (++count > 2)
                    throw tokens.Unexpected("']'");
            }
            else if (bounds[count] is null)
            {
                bounds[count] = expressions.Read();
            }
            else
            {
                throw tokens.Unexpected("']' or ':'");
            }
        }

        if (isSlice)
            return new Slice(open.At, value, bounds[0], bounds[1], bounds[2]);
        return new Subscript(open.At, value, bounds[0] ?? throw tokens.Unexpected("a key before ']'"));
    }
}
