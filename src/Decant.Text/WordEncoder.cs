namespace Decant.Text;

/// <summary>A sentence of words as a model that tags words reads it.</summary>
/// <param name="Ids">[T], special ones included.</param>
/// <param name="FirstTokens">The position of each word's first token, of the words that fit.</param>
/// <param name="Words">How many words there are.</param>
internal sealed record EncodedWords(int[] Ids, int[] FirstTokens, int Words);

/// <summary>Encodes sentences of words: every word for itself, with a space before it where the tokenizer wants one between words, and around all what the tokenizer puts around a text.</summary>
internal sealed class WordEncoder
{
    private readonly ITokenizer _tokenizer;
    private readonly int _maxTokens;
    private readonly int? _unknown;
    private readonly SurroundingTokens _around;
    private readonly bool _spaceBetween;

    /// <param name="tokenizer">Turns words into ids.</param>
    /// <param name="maxTokens">T, the most tokens of a sentence, special ones included; 3 or more. Words that do not fit are left out.</param>
    /// <param name="unknown">What a word without a token becomes, such as a lone variation selector (U+FE0F) with BERT's tokenizer; null: it is an error.</param>
    public WordEncoder(ITokenizer tokenizer, int maxTokens, int? unknown)
    {
        (_tokenizer, _maxTokens, _unknown) = (tokenizer, maxTokens, unknown);
        _around = SurroundingTokens.Of(tokenizer);
        _spaceBetween = WantsSpaces(tokenizer);
    }

    /// <summary>The ids of a sentence.</summary>
    /// <exception cref="DecantException">A word has no token: which, and what to do.</exception>
    public EncodedWords Encode(IReadOnlyList<string> words)
    {
        var ids = new List<int>(_around.Before);
        var firsts = new List<int>();
        var end = _maxTokens - _around.After.Length;
        for (var i = 0; i < words.Count; i++)
        {
            var pieces = PiecesOf(words, i);
            if (pieces.Length == 0 && _unknown is { } unknown) pieces = [unknown];
            if (pieces.Length == 0)
                throw new DecantException($"word {i + 1} of {words.Count}, '{words[i]}' ({Codes(words[i])}), has no token, so it can have no tag; take it out of the sentence, replace such words by the unknown token, or take a tokenizer that knows it.");
            if (ids.Count >= end) break;
            firsts.Add(ids.Count);
            ids.AddRange(pieces.AsSpan(0, Math.Min(pieces.Length, end - ids.Count)));
        }

        return new([.. ids, .. _around.After], [.. firsts], words.Count);
    }

    /// <summary>How many tokens the whole sentence has, whatever the most is.</summary>
    public int WholeLength(IReadOnlyList<string> words) =>
        _around.Before.Length + Enumerable.Range(0, words.Count).Sum(i => Math.Max(PiecesOf(words, i).Length, _unknown is null ? 0 : 1)) + _around.After.Length;

    private static bool WantsSpaces(ITokenizer tokenizer)
    {
        var together = tokenizer.Encode("one two");
        var first = tokenizer.Encode("one");
        return !together.AsSpan().SequenceEqual((int[])[.. first, .. tokenizer.Encode("two")])
            && together.AsSpan().SequenceEqual((int[])[.. first, .. tokenizer.Encode(" two")]);
    }

    private int[] PiecesOf(IReadOnlyList<string> words, int i) => _tokenizer.Encode(i > 0 && _spaceBetween ? " " + words[i] : words[i]);

    private static string Codes(string word) => string.Join(' ', word.EnumerateRunes().Take(8).Select(rune => $"U+{rune.Value:X4}"));
}
