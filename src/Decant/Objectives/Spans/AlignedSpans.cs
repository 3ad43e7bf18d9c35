using System.ComponentModel;
using Decant.Objectives.Sequence;

namespace Decant.Objectives.Spans;

/// <summary>Options of <c>aligned-spans</c>.</summary>
public sealed record AlignedSpans : TokenDivergenceOptions
{
    /// <summary>Options with the defaults: the forward KL divergence.</summary>
    public AlignedSpans() => Divergence = TokenDivergence.Forward;

    /// <summary>What is distinguished at each span; the span, and the tokens of one vocabulary.</summary>
    [Description("what is distinguished at each span: the span against the tokens of one vocabulary, which those of the other are mapped to, against every first byte, against every token that both have, or against all else")]
    public SpanEvents Events { get; init; } = SpanEvents.MappedTokens;
}

/// <summary>What two models with different vocabularies are compared in, where a span begins: a partition of all that may follow.</summary>
public enum SpanEvents
{
    /// <summary>
    /// The span, and of all else the tokens of one vocabulary, which those of the other are mapped to: a token stands for those that the training texts have where they have this one.
    /// </summary>
    MappedTokens,

    /// <summary>The span, and of all else the first byte of the next token (or the end of the text).</summary>
    FirstBytes,

    /// <summary>The span, every token that both vocabularies have, and all else. Where one vocabulary has tokens that continue those of the other, such a token has less probability there for that reason alone.</summary>
    SharedTokens,

    /// <summary>The span, and all else.</summary>
    Span,
}
