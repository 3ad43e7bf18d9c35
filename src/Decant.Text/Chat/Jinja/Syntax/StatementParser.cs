using Decant.Text.Chat.Jinja.Nodes;
using Decant.Text.Chat.Jinja.Running;

namespace Decant.Text.Chat.Jinja.Syntax;

/// <summary>Reads the statements of a template.</summary>
internal sealed class StatementParser
{
    private const string Known = "for, if, set, macro, call, filter, with, raw, generation, break, continue";

    private readonly TokenReader _tokens;
    private readonly ExpressionParser _expressions;
    private int _loops;

    private StatementParser(string source)
    {
        _tokens = new(Lexer.Read(source));
        _expressions = new(_tokens);
    }

    /// <summary>A template's statements.</summary>
    /// <exception cref="DecantException">It is damaged, or has something that is not served: line, column, what to do.</exception>
    public static IReadOnlyList<Statement> Read(string source)
    {
        var parser = new StatementParser(source);
        var statements = parser.ReadUntil();
        return parser._tokens.Next.Kind == TokenKind.End ? statements : throw parser._tokens.Unexpected("the end of the template");
    }

    // Up to the tag with one of these names, which is left at the name.
    private List<Statement> ReadUntil(params string[] names)
    {
        var statements = new List<Statement>();
        while (_tokens.Next is { Kind: not TokenKind.End } token)
        {
            if (token.Kind == TokenKind.BlockBegin && _tokens.AfterNext is { Kind: TokenKind.Name } name && names.Contains(name.Text))
            {
                _tokens.Take();
                return statements;
            }

            statements.Add(_tokens.Nested(ReadOne));
        }

        return names.Length == 0 ? statements : throw _tokens.Unexpected($"'{{% {names[^1]} %}}'");
    }

    private Statement ReadOne()
    {
        var token = _tokens.Take();
        if (token.Kind == TokenKind.Text)
            return new PlainText(token.At, token.Text);
        if (token.Kind == TokenKind.OutputBegin)
        {
            var value = _expressions.ReadTuple();
            _tokens.Take(TokenKind.OutputEnd, "'}}'");
            return new Output(token.At, value);
        }

        var name = _tokens.Take(TokenKind.Name, "the name of a tag");
        return name.Text switch
        {
            "for" => ReadFor(token.At),
            "if" => ReadIf(token.At),
            "set" => ReadSet(token.At),
            "macro" => ReadMacro(token.At),
            "call" => ReadCall(token.At),
            "filter" => ReadFilter(token.At),
            "with" => ReadWith(token.At),
            "generation" => new Generation(token.At, ReadBody("endgeneration")),
            "break" => ReadLeave(token.At, Flow.Break),
            "continue" => ReadLeave(token.At, Flow.Continue),
            _ => throw name.At.Fault($"there is no tag '{name.Text}' that is served here; served tags are {Known}."),
        };
    }

    private void EndTag() => _tokens.Take(TokenKind.BlockEnd, "'%}'");

    private List<Statement> ReadBody(string end)
    {
        EndTag();
        var body = ReadUntil(end);
        CloseTag();
        return body;
    }

    // The name of the tag that ends a body, and its end.
    private string CloseTag()
    {
        var name = _tokens.Take().Text;
        EndTag();
        return name;
    }

    private If ReadIf(Place at)
    {
        var branches = new List<(Expression?, IReadOnlyList<Statement>)>();
        for (var condition = _expressions.ReadTuple(); ;)
        {
            EndTag();
            branches.Add((condition, ReadBranch("elif", "else", "endif")));
            var next = _tokens.Take().Text;
            if (next == "elif")
            {
                condition = _expressions.ReadTuple();
                continue;
            }

            EndTag();
            if (next == "endif")
                return new If(at, branches);
            branches.Add((null, ReadBranch("endif")));
            CloseTag();
            return new If(at, branches);
        }
    }

    private List<Statement> ReadBranch(params string[] names)
    {
        _tokens.Conditions++;
        var branch = ReadUntil(names);
        _tokens.Conditions--;
        return branch;
    }

    private For ReadFor(Place at)
    {
        var target = ReadTarget(mayBeAttribute: false);
        _tokens.NeedName("in");
        var items = ReadItems();
        var condition = _tokens.TakeName("if") ? _expressions.Read() : null;
        if (_tokens.Next.IsName("recursive"))
            throw _tokens.Next.At.Fault("recursive loops are not served; use a macro that calls itself.");
        EndTag();
        _loops++;
        var body = ReadUntil("else", "endfor");
        _loops--;
        IReadOnlyList<Statement> otherwise = [];
        if (CloseTag() == "else")
        {
            otherwise = ReadUntil("endfor");
            CloseTag();
        }

        return new For(at, target, items, condition, body, otherwise);
    }

    private Expression ReadItems()
    {
        var first = _expressions.ReadOr();
        if (!_tokens.Next.IsSign(","))
            return first;
        var items = new List<Expression> { first };
        while (_tokens.TakeSign(","))
            items.Add(_expressions.ReadOr());
        return new Listed(first.At, items, isTuple: true);
    }

    private Leave ReadLeave(Place at, Flow flow)
    {
        if (_loops == 0)
            throw at.Fault($"'{(flow == Flow.Break ? "break" : "continue")}' is outside of a loop; take it out.");
        EndTag();
        return new(at, flow);
    }

    private Statement ReadSet(Place at)
    {
        var target = ReadTarget(mayBeAttribute: true);
        if (_tokens.TakeSign("="))
        {
            var value = _expressions.ReadTuple();
            EndTag();
            return new Assignment(at, target, value);
        }

        var filters = ReadFilters();
        return new Block(at, target, filters, ReadOwnBody("endset"));
    }

    private Block ReadFilter(Place at)
    {
        var filters = ReadFilters(needsFirst: true);
        return new Block(at, null, filters, ReadOwnBody("endfilter"));
    }

    private Expression? ReadFilters(bool needsFirst = false)
    {
        if (!needsFirst && !_tokens.Next.IsSign("|"))
            return null;
        var (text, values) = (new BlockText(_tokens.Next.At), new ValueParser(_tokens, _expressions));
        return values.ReadFilters(needsFirst ? values.ReadFilter(text) : text);
    }

    private Macro ReadMacro(Place at)
    {
        var name = _tokens.Take(TokenKind.Name, "the name of a macro").Text;
        var parameters = ReadParameters();
        return new(at, name, new MacroBody(parameters, ReadOwnBody("endmacro")));
    }

    private CallBlock ReadCall(Place at)
    {
        var parameters = _tokens.Next.IsSign("(") ? ReadParameters() : [];
        var call = _expressions.ReadUnary(withFilters: false) as Call ?? throw at.Fault("expected the call of a macro in the tag 'call'; correct the template.");
        return new(at, call, new MacroBody(parameters, ReadOwnBody("endcall")));
    }

    private With ReadWith(Place at)
    {
        var values = new List<(Target, Expression)>();
        while (_tokens.Next.Kind != TokenKind.BlockEnd)
        {
            if (values.Count > 0)
                _tokens.NeedSign(",");
            var target = ReadSingleTarget(mayBeAttribute: false);
            _tokens.NeedSign("=");
            values.Add((target, _expressions.Read()));
        }

        return new(at, values, ReadBody("endwith"));
    }

    // No loop around it can be left from within.
    private List<Statement> ReadOwnBody(string end)
    {
        var loops = _loops;
        _loops = 0;
        var body = ReadBody(end);
        _loops = loops;
        return body;
    }

    private List<(string, Expression?)> ReadParameters()
    {
        var parameters = new List<(string, Expression?)>();
        _tokens.NeedSign("(");
        while (!_tokens.TakeSign(")"))
        {
            if (parameters.Count > 0)
                _tokens.NeedSign(",");
            var name = _tokens.Take(TokenKind.Name, "the name of a parameter").Text;
            parameters.Add((name, _tokens.TakeSign("=") ? _expressions.Read() : null));
        }

        return parameters;
    }

    private Target ReadTarget(bool mayBeAttribute)
    {
        var first = ReadSingleTarget(mayBeAttribute);
        if (!_tokens.Next.IsSign(","))
            return first;
        var targets = new List<Target> { first };
        while (_tokens.TakeSign(","))
            targets.Add(ReadSingleTarget(mayBeAttribute));
        return new("", null, targets);
    }

    private Target ReadSingleTarget(bool mayBeAttribute)
    {
        if (_tokens.TakeSign("("))
        {
            var inner = _tokens.Nested(() => ReadTarget(mayBeAttribute));
            _tokens.NeedSign(")");
            return inner;
        }

        var name = _tokens.Take(TokenKind.Name, "a name to be set");
        if (name.Text is "true" or "false" or "none" or "True" or "False" or "None")
            throw name.At.Fault($"'{name.Text}' cannot be set; take another name.");
        return new(name.Text, mayBeAttribute && _tokens.TakeSign(".") ? _tokens.Take(TokenKind.Name, "the name of an attribute").Text : null, null);
    }
}
