using Decant.Data.Batching;

namespace Decant.Data.Tokens;

/// <summary>How running text becomes sequences.</summary>
internal sealed record PackedOptions
{
    /// <summary>T, the positions of a sequence; the last one may be shorter.</summary>
    public required int Tokens { get; init; }

    /// <summary>
    /// Whether a document sees nothing of those before it: they have different <see cref="Batch.Segments"/>, and the first token of a document is not predicted.
    /// Default: off, documents follow one another as the text of one stream.
    /// </summary>
    public bool DocumentsApart { get; init; }

    /// <summary>
    /// Whether a sequence begins with the last label of the one before, so that every token but the source's first is predicted once. Default: on. Off, for masked
    /// language models: sequences share no token.
    /// </summary>
    public bool NextToken { get; init; } = true;
}
