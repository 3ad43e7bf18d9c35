using Decant.Text.Chat.Jinja.Running;

namespace Decant.Text.Chat.Jinja.Syntax;

/// <summary>What a token is.</summary>
internal enum TokenKind
{
    /// <summary>Text outside of tags.</summary>
    Text,

    /// <summary><c>{{</c>.</summary>
    OutputBegin,

    /// <summary><c>}}</c>.</summary>
    OutputEnd,

    /// <summary><c>{%</c>.</summary>
    BlockBegin,

    /// <summary><c>%}</c>.</summary>
    BlockEnd,

    /// <summary>A name or keyword.</summary>
    Name,

    /// <summary>A whole number.</summary>
    Whole,

    /// <summary>A number with a point or an exponent.</summary>
    Real,

    /// <summary>A quoted text, its escapes resolved.</summary>
    Quoted,

    /// <summary>An operator or bracket.</summary>
    Sign,

    /// <summary>The end of the template.</summary>
    End,
}

/// <summary>A token of a template.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Text">Its text; of a quoted one what it says.</param>
/// <param name="At">Where it begins.</param>
internal readonly record struct Token(TokenKind Kind, string Text, Place At)
{
    /// <summary>Whether it is this operator.</summary>
    public bool IsSign(string sign) => Kind == TokenKind.Sign && Text == sign;

    /// <summary>Whether it is this name.</summary>
    public bool IsName(string name) => Kind == TokenKind.Name && Text == name;

    /// <summary>It, for a message.</summary>
    public string Shown => Kind switch
    {
        TokenKind.End => "the end of the template",
        TokenKind.BlockEnd => "the end of the tag",
        TokenKind.OutputEnd => "the end of the expression",
        TokenKind.Text or TokenKind.OutputBegin or TokenKind.BlockBegin => "text outside of a tag",
        _ => $"'{(Text.Length > 60 ? Text[..60] + "…" : Text)}'",
    };
}
