namespace Decant.Data;

/// <summary>What a sample consists of, without its label.</summary>
public abstract record SampleContent
{
    /// <summary>What it is tagged with, for teachers that teach the samples of a tag alone; null: nothing. It is no part of the sample's id.</summary>
    internal string? Tag { get; init; }
}

/// <summary>A text, or a pair of texts.</summary>
/// <param name="Text">The text.</param>
/// <param name="Pair">The second text of a pair; null where there is none.</param>
public sealed record TextContent(string Text, string? Pair = null) : SampleContent;

/// <summary>A query and the documents that are to be put in order for it.</summary>
/// <param name="Query">The query; not blank.</param>
/// <param name="Documents">Two or more texts, none of them blank.</param>
public sealed record RankingContent(string Query, IReadOnlyList<string> Documents) : SampleContent;

/// <summary>A prompt and what a model is to write after it.</summary>
/// <param name="Prompt">What the model is given.</param>
/// <param name="Completion">What it learns to write; it begins with a space or a line break where one is to follow the prompt.</param>
internal sealed record PromptContent(string Prompt, string Completion) : SampleContent
{
    /// <summary>What a teacher is given before the prompt, and its student is not; null: nothing.</summary>
    public string? Context { get; init; }
}

/// <summary>A conversation as the text that a chat template makes of it.</summary>
/// <param name="Text">The text.</param>
/// <param name="Spans">What of it is learned, in their order: begin and end in UTF-16 units.</param>
internal sealed record ChatContent(string Text, IReadOnlyList<(int Start, int End)> Spans) : SampleContent
{
    /// <summary>The same conversation as its teacher is given it, with a system message that the student is not given; null: as the student is.</summary>
    public ChatContent? OfTeacher { get; init; }
}

/// <summary>The words of a sentence, each to be tagged.</summary>
/// <param name="Words">One or more; none of them empty.</param>
public sealed record WordsContent(IReadOnlyList<string> Words) : SampleContent;

/// <summary>Tokens of running text.</summary>
/// <param name="Ids">
/// [N] token ids. For a language model N is T + 1: the first T are what it reads, the last T what it is to say after each of them.
/// </param>
/// <param name="Bytes">The bytes of UTF-8 that the predicted tokens say; what bits per byte are counted by.</param>
/// <param name="DocumentStarts">
/// Where in <paramref name="Ids"/> documents begin, ascending; null where attention may cross from one document to the next.
/// </param>
public sealed record TokenContent(ReadOnlyMemory<int> Ids, long Bytes, IReadOnlyList<int>? DocumentStarts = null) : SampleContent
{
    /// <summary>Where its first token stands in the running text that it is a part of; null: it is none.</summary>
    public long? Start { get; init; }

    /// <summary>[N] which of the tokens are learned; null: all.</summary>
    internal ReadOnlyMemory<bool>? Learned { get; init; }

    /// <summary>The same sequence as its teacher is given it, with as many learned tokens, which are the same; null: as the student is.</summary>
    internal TokenContent? OfTeacher { get; init; }
}

/// <summary>An image of bytes.</summary>
/// <param name="Pixels">[C,H,W] uint8: one plane after another, rows from the top.</param>
/// <param name="Channels">C: 1 for grey, 3 for red, green, blue.</param>
/// <param name="Height">H, in pixels.</param>
/// <param name="Width">W, in pixels.</param>
public sealed record ImageContent(ReadOnlyMemory<byte> Pixels, int Channels, int Height, int Width) : SampleContent;

/// <summary>A vector of numbers.</summary>
/// <param name="Values">[D] float32.</param>
public sealed record VectorContent(ReadOnlyMemory<float> Values) : SampleContent;
