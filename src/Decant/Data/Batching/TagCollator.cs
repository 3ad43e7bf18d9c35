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
    private readonly WordEncoder _encoder;
    private readonly CachedTokens<EncodedWords> _remembered = new(sentence => sentence.Ids.Length);

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
        var unknown = unknownForNothing ? _special.Unknown ?? throw new DecantException("Words without a token are to become the unknown token, and the tokenizer has none; leave the option out.") : (int?)null;
        _encoder = new WordEncoder(tokenizer, maxTokens, unknown);
    }

    /// <inheritdoc/>
    public bool HasLengths => true;

    /// <inheritdoc/>
    public Batch Collate(IReadOnlyList<Sample> samples, ulong seed, int epoch)
    {
        ArgumentNullException.ThrowIfNull(samples);
        var rows = new TokenRows(CollatorParts.IdsOf(samples), samples.Max(TokensOf), _special.Pad, _tokenizer.VocabularySize);
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
        return _encoder.WholeLength(WordsOf(sample));
    }

    private static IReadOnlyList<int>? TagsOf(Sample sample, EncodedWords sentence)
    {
        var tags = (sample.Annotation as TagAnnotation)?.Tags;
        return tags is null || tags.Count == sentence.Words ? tags : throw new DecantException($"Sample {sample.Id}: {sentence.Words} words have {tags.Count} tags; give every word one.");
    }

    private EncodedWords Encode(Sample sample)
    {
        ArgumentNullException.ThrowIfNull(sample);
        return _remembered.Get(sample, () =>
        {
            try
            {
                return _encoder.Encode(WordsOf(sample));
            }
            catch (DecantException fault)
            {
                throw new DecantException($"Sample {sample.Id}: {fault.Message}", inner: fault);
            }
        });
    }

    private static IReadOnlyList<string> WordsOf(Sample sample) => CollatorParts.Content<WordsContent>(sample, "the words of a sentence").Words;
}
