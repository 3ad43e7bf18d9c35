using System.ComponentModel;
using Decant.Objectives.Sequence;

namespace Decant.Objectives.Spans;

/// <summary>Options of <c>aligned-spans</c>.</summary>
public sealed record AlignedSpans : TokenDivergenceOptions
{
    /// <summary>Options with the defaults: the forward KL divergence.</summary>
    public AlignedSpans() => Divergence = TokenDivergence.Forward;

    /// <summary>What is told apart at each span; the tokens of one vocabulary.</summary>
    [Description("what is told apart at each span: the tokens of one vocabulary, which those of the other are mapped to; or the span against every first byte, against every token that both have, or against all else")]
    public SpanEvents Events { get; init; } = SpanEvents.MappedTokens;
}

/// <summary>What two models with different vocabularies are compared in, where a span begins: a partition of all that may follow.</summary>
public enum SpanEvents
{
    /// <summary>
    /// The tokens of one vocabulary: those of the other are counted as what the training texts go on with where these go on with them, from longer tokens to shorter ones. Of a span of several tokens, its first ones.
    /// </summary>
    MappedTokens,

    /// <summary>The span, and of all else the first byte of the next token (or the end of the text).</summary>
    FirstBytes,

    /// <summary>The span, every token that both vocabularies have, and all else. Where one vocabulary has tokens that continue those of the other, such a token has less probability there for that reason alone.</summary>
    SharedTokens,

    /// <summary>The span, and all else.</summary>
    Span,
}
