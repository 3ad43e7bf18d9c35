using Decant.Text;
using Decant.Torch;

namespace Decant.Data.Batching;

/// <summary>Texts as token ids: [CLS] text [SEP] (pair [SEP]), cut to the most tokens, filled with [PAD], or what there is instead, to the batch's longest.</summary>
/// <remarks>The ids of a text are remembered from one epoch to the next, up to 16 million of them (128 MB with their keys).</remarks>
internal sealed class TextCollator : ITokenCollator
{
    private readonly ITokenizer _tokenizer;
    private readonly int _maxTokens;
    private readonly double _tokenDropout;
    private readonly SpecialIds _special;
    private readonly int _mask;
    private readonly int _outputs;
    private readonly CachedTokens<EncodedText> _remembered = new(text => text.Ids.Length);

    /// <summary>A collator.</summary>
    /// <param name="tokenizer">Turns text into ids.</param>
    /// <param name="maxTokens">The most tokens of a text, special ones included; 3 or more.</param>
    /// <param name="augment">Only <see cref="AugmentOptions.TokenDropout"/> is for texts; null: nothing.</param>
    /// <param name="outputs">C, the numbers of a regression: labels are float32 [B, C], not a number where a sample has none; 0: labels are classes.</param>
    /// <exception cref="DecantException">The augmentation is one for images, or hides tokens and the tokenizer has no [MASK].</exception>
    public TextCollator(ITokenizer tokenizer, int maxTokens, AugmentOptions? augment = null, int outputs = 0)
    {
        ArgumentNullException.ThrowIfNull(tokenizer);
        ArgumentOutOfRangeException.ThrowIfLessThan(maxTokens, 3);
        ArgumentOutOfRangeException.ThrowIfNegative(outputs);
        if (augment is { ChangesImages: true }) throw new DecantException("augment: 'shift', 'crop-padding' and 'flip' are for images, and the input is text; take them out.");
        _tokenizer = tokenizer;
        _maxTokens = maxTokens;
        _tokenDropout = augment?.TokenDropout ?? 0;
        _outputs = outputs;
        _special = SpecialIds.Of(tokenizer);
        _mask = _tokenDropout > 0 ? _special.RequireMask("augment: 'token-dropout'") : 0;
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
        Array.Fill(ids, _special.Pad);
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
        return CollatorParts.ToBatch(samples, Tensor.From(ids, shape), mask, hasPairs ? Tensor.From(types, shape) : null, _outputs);
    }

    /// <inheritdoc/>
    public int TokensOf(Sample sample) => Encode(sample).Ids.Length;

    /// <inheritdoc/>
    public int LeftOut(Sample sample)
    {
        var kept = TokensOf(sample);
        if (kept < _maxTokens) return 0;
        var content = CollatorParts.Content<TextContent>(sample, "a text");
        return _tokenizer.EncodeForModel(content.Text, content.Pair, int.MaxValue).Ids.Length - kept;
    }

    private bool Hides(int id, ref Rng chance)
    {
        if (_tokenDropout == 0 || _special.IsAround(id)) return false;
        return chance.NextDouble() < _tokenDropout;
    }

    private EncodedText Encode(Sample sample) => _remembered.Get(sample, () =>
    {
        var content = CollatorParts.Content<TextContent>(sample, "a text");
        return _tokenizer.EncodeForModel(content.Text, content.Pair, _maxTokens);
    });
}
