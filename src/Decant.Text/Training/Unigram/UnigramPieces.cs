using Decant.Text.Vocabularies;

namespace Decant.Text.Training.Unigram;

/// <summary>A token of Unigram.</summary>
/// <param name="Text">The token.</param>
/// <param name="Score">The natural logarithm of its probability.</param>
internal readonly record struct UnigramPiece(string Text, double Score);

/// <summary>Tokens with their scores while they are trained; the first are the characters, which stay.</summary>
internal sealed class UnigramPieces
{
    // What a token counts for that is expected less often: it stays possible, and so does every text.
    private const double LeastCount = 1e-3;

    private UnigramPieces(string[] texts, double[] scores, int characters)
    {
        (Texts, Scores, Characters) = (texts, scores, characters);
        for (var i = 0; i < texts.Length; i++) Trie.Add(texts[i], i);
    }

    public string[] Texts { get; }

    /// <summary>By token, the natural logarithm of its probability.</summary>
    public double[] Scores { get; }

    /// <summary>How many of the first are characters.</summary>
    public int Characters { get; }

    public CharTrie Trie { get; } = new();

    public int Count => Texts.Length;

    /// <summary>Tokens with their share of all counts as the probability.</summary>
    public static UnigramPieces Of(string[] texts, double[] counts, int characters)
    {
        var sum = Math.Log(counts.Sum(count => Math.Max(count, LeastCount)));
        return new UnigramPieces(texts, [.. counts.Select(count => Math.Log(Math.Max(count, LeastCount)) - sum)], characters);
    }

    /// <summary>Some of them, rising; their probabilities are made to add up to one by the next round.</summary>
    public UnigramPieces Only(IReadOnlyList<int> kept) => new([.. kept.Select(i => Texts[i])], [.. kept.Select(i => Scores[i])], Characters);
}
