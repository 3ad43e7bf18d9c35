using Decant.Data.Labels;
using Decant.Text;

namespace Decant.Data.Batching;

/// <summary>Sentences with tagged words: rows are the first token of each word, their labels the words' tags.</summary>
/// <remarks>
/// Every word is encoded for itself, with a space before it where the tokenizer wants one between words. What a tokenizer puts around a text ([CLS] and [SEP]) is
/// put around the sentence. Words that do not fit are left out, rows and all; <see cref="LeftOut"/> says how many, and an evaluation must not have any.
/// </remarks>
internal sealed class TagCollator : ITokenCollator
{
    private readonly ITokenizer _tokenizer;
    private readonly int _maxTokens;
    private readonly SpecialIds _special;
    private readonly bool _spaceBetween;
    private readonly int? _unknown;
    private readonly CachedTokens<Sentence> _remembered = new(sentence => sentence.Ids.Length);

    /// <summary>A collator.</summary>
    /// <param name="tokenizer">Turns words into ids.</param>
    /// <param name="maxTokens">T, the most tokens of a sentence, special ones included; 3 or more.</param>
    /// <param name="unknownForNothing">
    /// Whether a word that the tokenizer has no token for becomes its unknown token, such as a lone variation selector (U+FE0F) with BERT's; default: off, it is an error.
    /// </param>
    /// <exception cref="DecantException">The tokenizer has no unknown token, and one is to replace such words.</exception>
    public TagCollator(ITokenizer tokenizer, int maxTokens, bool unknownForNothing = false)
    {
        ArgumentNullException.ThrowIfNull(tokenizer);
        ArgumentOutOfRangeException.ThrowIfLessThan(maxTokens, 3);
        (_tokenizer, _maxTokens) = (tokenizer, maxTokens);
        _special = SpecialIds.Of(tokenizer);
        _spaceBetween = WantsSpaces(tokenizer);
        if (unknownForNothing) _unknown = _special.Unknown ?? throw new DecantException("Words without a token are to become the unknown token, and the tokenizer has none; leave the option out.");
    }

    /// <inheritdoc/>
    public bool HasLengths => true;

    /// <inheritdoc/>
    public Batch Collate(IReadOnlyList<Sample> samples, ulong seed, int epoch)
    {
        ArgumentNullException.ThrowIfNull(samples);
        var rows = new TokenRows(samples, samples.Max(TokensOf), _special.Pad, _tokenizer.VocabularySize);
        for (var i = 0; i < samples.Count; i++)
        {
            var sentence = Encode(samples[i]);
            var tags = TagsOf(samples[i], sentence);
            rows.Put(i, sentence.Ids);
            rows.PutBytes(i, null);
            for (var word = 0; word < sentence.FirstTokens.Length; word++) rows.Ask(i, sentence.FirstTokens[word], tags?[word] ?? Batch.NoLabel);
        }

        return rows.ToBatch();
    }

    /// <inheritdoc/>
    public int TokensOf(Sample sample) => Encode(sample).Ids.Length;

    /// <inheritdoc/>
    public int LeftOut(Sample sample)
    {
        var sentence = Encode(sample);
        return sentence.Words - sentence.FirstTokens.Length;
    }

    /// <inheritdoc/>
    public int WholeLengthOf(Sample sample)
    {
        var sentence = Encode(sample);
        if (sentence.Ids.Length < _maxTokens)
            return sentence.Ids.Length;
        var words = CollatorParts.Content<WordsContent>(sample, "the words of a sentence").Words;
        var pieces = words.Select((word, i) => Math.Max(_tokenizer.Encode(i > 0 && _spaceBetween ? " " + word : word).Length, _unknown is null ? 0 : 1));
        return _special.Before.Length + pieces.Sum() + _special.After.Length;
    }

    private static IReadOnlyList<int>? TagsOf(Sample sample, Sentence sentence)
    {
        var tags = (sample.Annotation as TagAnnotation)?.Tags;
        return tags is null || tags.Count == sentence.Words ? tags : throw new DecantException($"Sample {sample.Id}: {sentence.Words} words have {tags.Count} tags; give every word one.");
    }

    private static bool WantsSpaces(ITokenizer tokenizer)
    {
        var together = tokenizer.Encode("one two");
        var first = tokenizer.Encode("one");
        return !together.AsSpan().SequenceEqual((int[])[.. first, .. tokenizer.Encode("two")])
            && together.AsSpan().SequenceEqual((int[])[.. first, .. tokenizer.Encode(" two")]);
    }

    private Sentence Encode(Sample sample)
    {
        ArgumentNullException.ThrowIfNull(sample);
        return _remembered.Get(sample, () =>
        {
            var words = CollatorParts.Content<WordsContent>(sample, "the words of a sentence").Words;
            var ids = new List<int>(_special.Before);
            var firsts = new List<int>();
            var end = _maxTokens - _special.After.Length;
            for (var i = 0; i < words.Count; i++)
            {
                var pieces = _tokenizer.Encode(i > 0 && _spaceBetween ? " " + words[i] : words[i]);
                if (pieces.Length == 0 && _unknown is { } unknown) pieces = [unknown];
                if (pieces.Length == 0)
                    throw new DecantException($"Sample {sample.Id}: word {i + 1} of {words.Count}, '{words[i]}' ({Codes(words[i])}), has no token, so it can have no tag; take it out of the sentence, replace such words by the unknown token, or take a tokenizer that knows it.");
                if (ids.Count >= end) break;
                firsts.Add(ids.Count);
                ids.AddRange(pieces.AsSpan(0, Math.Min(pieces.Length, end - ids.Count)));
            }

            return new Sentence([.. ids, .. _special.After], [.. firsts], words.Count);
        });
    }

    private static string Codes(string word) => string.Join(' ', word.EnumerateRunes().Take(8).Select(rune => $"U+{rune.Value:X4}"));

    /// <param name="Ids">[T], special ones included.</param>
    /// <param name="FirstTokens">The position of each word's first token, of the words that fit.</param>
    /// <param name="Words">How many words there are.</param>
    private sealed record Sentence(int[] Ids, int[] FirstTokens, int Words);
}
