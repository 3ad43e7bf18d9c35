using Decant.Teachers.Remote.Asking;

namespace Decant.Teachers.Remote.Extracting;

/// <summary>What a teacher finds in a text: spans, and a tag for each word with its probabilities, or why there are none.</summary>
public sealed record ChatExtraction : ChatAnswer
{
    /// <summary>The spans in the order of the text, each of whole words; null: the teacher abstained.</summary>
    public IReadOnlyList<ChatSpan>? Spans { get; init; }

    /// <summary>The tag of each word, the most probable one; null: the teacher abstained.</summary>
    public IReadOnlyList<string>? Tags { get; init; }

    /// <summary>[W][C]: for each of W words the probabilities of the C tags, in the order of <see cref="ChatExtractor.TagNames"/>, with the sum 1; null: the teacher abstained.</summary>
    public IReadOnlyList<double[]>? Probabilities { get; init; }

    /// <summary>The share of the answers that could be read.</summary>
    public double Read { get; init; }

    /// <summary>Of the answers that could be read, the share that gives a word its most probable tag, on average over the words; 1: they all say the same. 0: the teacher abstained.</summary>
    public double Agreement { get; init; }
}
