using System.Collections.Concurrent;
using Decant.Text;
using Decant.Torch;

namespace Decant.Data;

/// <summary>Texts as token ids: [CLS] text [SEP] (pair [SEP]), cut to the most tokens, filled with [PAD], or what there is instead, to the batch's longest.</summary>
/// <remarks>The ids of a text are remembered from one epoch to the next, up to 16 million of them (128 MB with their keys).</remarks>
public sealed class TextCollator : ICollator
{
    private const long RememberedTokens = 16_000_000;
    private readonly ITokenizer _tokenizer;
    private readonly int _maxTokens;
    private readonly double _tokenDropout;
    private readonly ConcurrentDictionary<SampleId, EncodedText> _remembered = new();
    private readonly int _mask;
    private long _rememberedTokens;

    /// <summary>A collator.</summary>
    /// <param name="tokenizer">Turns text into ids.</param>
    /// <param name="maxTokens">The most tokens of a text, special ones included; 3 or more.</param>
    /// <param name="augment">Only <see cref="AugmentOptions.TokenDropout"/> is for texts; null: nothing.</param>
    /// <exception cref="DecantException">The augmentation is one for images.</exception>
    public TextCollator(ITokenizer tokenizer, int maxTokens, AugmentOptions? augment = null)
    {
        ArgumentNullException.ThrowIfNull(tokenizer);
        ArgumentOutOfRangeException.ThrowIfLessThan(maxTokens, 3);
        if (augment is { ChangesImages: true }) throw new DecantException("augment: 'shift', 'crop-padding' and 'flip' are for images, and the input is text; take them out.");
        _tokenizer = tokenizer;
        _maxTokens = maxTokens;
        _tokenDropout = augment?.TokenDropout ?? 0;
        _mask = tokenizer.Special.Mask ?? tokenizer.Special.Unknown ?? (_tokenDropout == 0 ? 0
            : throw new DecantException("augment: 'token-dropout' needs a token that hides another, and the tokenizer has neither a mask nor an unknown token; take it out."));
    }

    /// <inheritdoc/>
    public bool HasLengths => true;

    /// <inheritdoc/>
    public Batch Collate(IReadOnlyList<Sample> samples, ulong seed, int epoch)
    {
        ArgumentNullException.ThrowIfNull(samples);
        var texts = new EncodedText[samples.Count];
        for (var i = 0; i < texts.Length; i++) texts[i] = Encode(samples[i]);
        var longest = texts.Max(text => text.Ids.Length);
        var size = texts.Length * longest;
        var (ids, mask, types) = (new long[size], new bool[size], new long[size]);
        Array.Fill(ids, _tokenizer.Special.Filler);
        for (var row = 0; row < texts.Length; row++)
        {
            var chance = _tokenDropout > 0 ? CollatorParts.ChanceOf(samples[row], seed, epoch) : default;
            for (var i = 0; i < texts[row].Ids.Length; i++)
            {
                var at = (row * longest) + i;
                ids[at] = Hides(texts[row].Ids[i], ref chance) ? _mask : texts[row].Ids[i];
                types[at] = texts[row].TypeIds[i];
                mask[at] = true;
            }
        }

        long[] shape = [texts.Length, longest]; // [B, T]
        var hasPairs = types.AsSpan().IndexOfAnyExcept(0) >= 0;
        return CollatorParts.ToBatch(samples, Tensor.From(ids, shape), Tensor.From(mask, shape), hasPairs ? Tensor.From(types, shape) : null);
    }

    private bool Hides(int id, ref Rng chance)
    {
        if (_tokenDropout == 0 || id == _tokenizer.Special.Classification || id == _tokenizer.Special.Separator) return false;
        return chance.NextDouble() < _tokenDropout;
    }

    private EncodedText Encode(Sample sample)
    {
        if (_remembered.TryGetValue(sample.Id, out var known)) return known;
        var content = CollatorParts.Content<TextContent>(sample, "a text");
        var encoded = _tokenizer.EncodeForModel(content.Text, content.Pair, _maxTokens);
        if (Interlocked.Add(ref _rememberedTokens, encoded.Ids.Length) <= RememberedTokens) _remembered.TryAdd(sample.Id, encoded);
        return encoded;
    }
}
