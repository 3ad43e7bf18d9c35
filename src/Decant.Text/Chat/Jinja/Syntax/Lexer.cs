using Decant.Text.Chat.Jinja.Running;
using Decant.Text.Chat.Jinja.Values;

namespace Decant.Text.Chat.Jinja.Syntax;

/// <summary>Cuts a template into tokens, with the settings of transformers: the line break after a block tag is dropped, and so is white space before one that begins a line.</summary>
internal sealed class Lexer
{
    private const string BlockBegin = "{%", BlockEnd = "%}", OutputBegin = "{{", OutputEnd = "}}", CommentBegin = "{#", CommentEnd = "#}";

    private readonly string _source;
    private readonly List<Token> _tokens = [];
    private int _at;
    private bool _beginsLine = true; // as the tag before leaves it

    private Lexer(string source) => _source = source;

    /// <summary>The tokens of a template, an end last.</summary>
    /// <exception cref="DecantException">A tag, comment or quoted text is not closed, or a character has no meaning.</exception>
    public static List<Token> Read(string source)
    {
        var text = source.ReplaceLineEndings("\n");
        var lexer = new Lexer(text.EndsWith('\n') ? text[..^1] : text);
        lexer.ReadAll();
        return lexer._tokens;
    }

    private void ReadAll()
    {
        while (_at < _source.Length)
        {
            var begin = NextTag(_at);
            if (begin < 0)
            {
                AddText(_source[_at..], _at);
                break;
            }

            ReadTag(begin);
        }

        _tokens.Add(new(TokenKind.End, "", new Place(_source, _source.Length)));
    }

    private int NextTag(int from)
    {
        for (var i = _source.IndexOf('{', from); i >= 0 && i + 1 < _source.Length; i = _source.IndexOf('{', i + 1))
            if (_source[i + 1] is '%' or '{' or '#')
                return i;
        return -1;
    }

    private void ReadTag(int begin)
    {
        var kind = _source.AsSpan(begin, 2);
        var sign = begin + 2 < _source.Length && _source[begin + 2] is '-' or '+' ? _source[begin + 2] : '\0';
        var text = Before(_source[_at..begin], sign, isOutput: kind is OutputBegin);
        AddText(text, _at);
        var inside = begin + (sign == '\0' ? 2 : 3);
        if (kind is CommentBegin)
            SkipComment(begin, inside);
        else if (kind is BlockBegin && RawBegin(inside) is { } raw)
            ReadRaw(begin, raw);
        else
            ReadInside(begin, inside, kind is OutputBegin);
    }

    private string Before(string text, char sign, bool isOutput)
    {
        if (sign == '-')
            return text.TrimEnd(PyText.Spaces);
        if (sign == '+' || isOutput)
            return text;
        var line = text.LastIndexOf('\n') + 1;
        return (line > 0 || _beginsLine) && text.AsSpan(line).Trim(PyText.Spaces).IsEmpty ? text[..line] : text;
    }

    private void AddText(string text, int at)
    {
        if (text.Length > 0)
            _tokens.Add(new(TokenKind.Text, text, new Place(_source, at)));
    }

    private void SkipComment(int begin, int inside)
    {
        var end = _source.IndexOf(CommentEnd, inside, StringComparison.Ordinal);
        if (end < 0)
            throw new Place(_source, begin).Fault("the comment is not closed; close it with '#}'.");
        var sign = end > inside ? _source[end - 1] : '\0';
        After(end + 2, sign, trimsLine: true);
    }

    // Where the text of a raw block begins; null: the tag is another.
    private int? RawBegin(int inside)
    {
        var at = SkipSpaces(inside);
        if (!_source.AsSpan(at).StartsWith("raw", StringComparison.Ordinal))
            return null;
        at = SkipSpaces(at + 3);
        if (_source.AsSpan(at).StartsWith(BlockEnd, StringComparison.Ordinal))
            return at + 2;
        return _source.AsSpan(at).StartsWith("-%}", StringComparison.Ordinal) ? SkipSpaces(at + 3) : null;
    }

    private void ReadRaw(int begin, int text)
    {
        for (var i = _source.IndexOf(BlockBegin, text, StringComparison.Ordinal); i >= 0; i = _source.IndexOf(BlockBegin, i + 2, StringComparison.Ordinal))
        {
            var sign = i + 2 < _source.Length && _source[i + 2] is '-' or '+' ? _source[i + 2] : '\0';
            var at = SkipSpaces(i + (sign == '\0' ? 2 : 3));
            if (!_source.AsSpan(at).StartsWith("endraw", StringComparison.Ordinal))
                continue;
            at = SkipSpaces(at + 6);
            var last = at < _source.Length ? _source[at] : '\0';
            var end = last is '-' or '+' ? at + 1 : at;
            if (!_source.AsSpan(end).StartsWith(BlockEnd, StringComparison.Ordinal))
                continue;
            _beginsLine = false;
            AddText(Before(_source[text..i], sign, isOutput: false), text);
            After(end + 2, last, trimsLine: true);
            return;
        }

        throw new Place(_source, begin).Fault("the raw block is not closed; close it with '{% endraw %}'.");
    }

    private void ReadInside(int begin, int inside, bool isOutput)
    {
        var (end, minusEnd) = isOutput ? (OutputEnd, "-}}") : (BlockEnd, "-%}");
        _tokens.Add(new(isOutput ? TokenKind.OutputBegin : TokenKind.BlockBegin, "", new Place(_source, begin)));
        var open = new Stack<char>();
        for (_at = inside; ;)
        {
            _at = SkipSpaces(_at);
            if (_at >= _source.Length)
                throw new Place(_source, begin).Fault($"the tag is not closed; close it with '{end}'.");
            var rest = _source.AsSpan(_at);
            var (isMinus, isPlus) = (rest.StartsWith(minusEnd, StringComparison.Ordinal), !isOutput && rest.StartsWith("+%}", StringComparison.Ordinal));
            if (open.Count == 0 && (isMinus || isPlus || rest.StartsWith(end, StringComparison.Ordinal)))
            {
                _tokens.Add(new(isOutput ? TokenKind.OutputEnd : TokenKind.BlockEnd, "", new Place(_source, _at)));
                After(_at + (isMinus || isPlus ? 3 : 2), isMinus ? '-' : isPlus ? '+' : '\0', trimsLine: !isOutput);
                return;
            }

            var token = TagScanner.Next(_source, ref _at);
            Balance(open, token);
            _tokens.Add(token);
        }
    }

    private static void Balance(Stack<char> open, Token token)
    {
        if (token.Kind != TokenKind.Sign)
            return;
        switch (token.Text)
        {
            case "(" or "[" or "{":
                open.Push(token.Text switch { "(" => ')', "[" => ']', _ => '}' });
                break;
            case ")" or "]" or "}" when open.Count == 0 || open.Pop() != token.Text[0]:
                throw token.At.Fault($"'{token.Text}' closes nothing; take it out, or open it before.");
        }
    }

    private void After(int at, char sign, bool trimsLine)
    {
        _at = sign == '-' ? SkipSpaces(at) : sign != '+' && trimsLine && at < _source.Length && _source[at] == '\n' ? at + 1 : at;
        _beginsLine = _source[_at - 1] == '\n';
    }

    private int SkipSpaces(int at)
    {
        while (at < _source.Length && PyText.IsSpace(_source[at]))
            at++;
        return at;
    }
}
