using Decant.Data.Labels;
using Decant.Text;
using Decant.Torch;

namespace Decant.Data.Batching;

/// <summary>Texts for a model that gives each a vector of its own: a text is one row, a pair of texts is two, its first text before its second.</summary>
/// <remarks>
/// A text becomes the ids of <see cref="ITokenizer.EncodeForModel"/>, cut to the most tokens; the two of a pair never see each other. The score of a pair, where the data
/// has one, is the label of both of its rows, float32 [R, 1].
/// </remarks>
internal sealed class EmbeddingCollator : ITokenCollator
{
    private readonly ITokenizer _tokenizer;
    private readonly int _maxTokens;
    private readonly double _tokenDropout;
    private readonly SpecialIds _special;
    private readonly int _mask;
    private readonly CachedTokens<int[][]> _remembered = new(texts => texts.Sum(ids => ids.Length));

    /// <summary>A collator.</summary>
    /// <param name="tokenizer">Turns text into ids.</param>
    /// <param name="maxTokens">T, the most tokens of a text, special ones included; 3 or more.</param>
    /// <param name="augment">Only <see cref="AugmentOptions.TokenDropout"/> is for texts; null: nothing.</param>
    /// <exception cref="DecantException">The augmentation is one for images, or hides tokens and the tokenizer has no [MASK].</exception>
    public EmbeddingCollator(ITokenizer tokenizer, int maxTokens, AugmentOptions? augment = null)
    {
        ArgumentNullException.ThrowIfNull(tokenizer);
        ArgumentOutOfRangeException.ThrowIfLessThan(maxTokens, 3);
        if (augment is { ChangesImages: true }) throw new DecantException("augment: 'shift', 'crop-padding' and 'flip' are for images, and the input is text; take them out.");
        (_tokenizer, _maxTokens, _tokenDropout) = (tokenizer, maxTokens, augment?.TokenDropout ?? 0);
        _special = SpecialIds.Of(tokenizer);
        _mask = _tokenDropout > 0 ? _special.RequireMask("augment: 'token-dropout'") : 0;
    }

    /// <inheritdoc/>
    public bool HasLengths => true;

    /// <inheritdoc/>
    public Batch Collate(IReadOnlyList<Sample> samples, ulong seed, int epoch)
    {
        ArgumentNullException.ThrowIfNull(samples);
        var texts = samples.Select(Encode).ToArray();
        var rowsPerSample = texts.Select(t => t.Length).ToArray();
        long[] shape = [rowsPerSample.Sum(), texts.Max(t => t.Max(ids => ids.Length))]; // [R, T]
        var (ids, mask) = (new long[shape[0] * shape[1]], new bool[shape[0] * shape[1]]);
        Array.Fill(ids, _special.Pad);
        var at = 0L;
        for (var i = 0; i < texts.Length; i++)
        {
            var chance = _tokenDropout > 0 ? CollatorParts.ChanceOf(samples[i], seed, epoch) : default;
            foreach (var text in texts[i])
            {
                for (var t = 0; t < text.Length; t++)
                {
                    ids[at + t] = Hides(text[t], ref chance) ? _mask : text[t];
                    mask[at + t] = true;
                }

                at += shape[1];
            }
        }

        var (scores, labelled) = Scores(samples, rowsPerSample);
        var none = scores is null ? Enumerable.Repeat(Batch.NoLabel, rowsPerSample.Sum()).ToArray() : [];
        return new Batch(
            Tensor.From(ids, shape), scores is null ? Tensor.From(none) : Tensor.From(scores, scores.Length, 1), labelled, CollatorParts.IdsOf(samples), Tensor.From(mask, shape))
        {
            RowsPerSample = rowsPerSample,
            Counts = scores is null ? BatchCounts.Of(mask, (int)shape[1], none) : BatchCounts.Of(mask, (int)shape[1], scores, outputs: 1),
        };
    }

    /// <summary>The positions that a sample takes in a batch: of a pair twice those of its longer text.</summary>
    public int TokensOf(Sample sample)
    {
        var texts = Encode(sample);
        return texts.Length * texts.Max(ids => ids.Length);
    }

    /// <inheritdoc/>
    public int LeftOut(Sample sample)
    {
        var kept = Encode(sample);
        if (kept.All(ids => ids.Length < _maxTokens)) return 0;
        return TextsOf(sample).Sum(text => _tokenizer.EncodeForModel(text, null, int.MaxValue).Ids.Length) - kept.Sum(ids => ids.Length);
    }

    /// <summary>The score of every row, and how many have one; null where no sample of the batch has.</summary>
    private static (float[]? Scores, int Labelled) Scores(IReadOnlyList<Sample> samples, int[] rowsPerSample)
    {
        if (!samples.Any(s => s.Annotation is NumberAnnotation)) return (null, 0);
        var (scores, row, labelled) = (new float[rowsPerSample.Sum()], 0, 0);
        for (var i = 0; i < rowsPerSample.Length; i++)
        {
            var score = samples[i].Annotation is NumberAnnotation { Numbers: var numbers } ? One(samples[i], numbers) : float.NaN;
            if (!float.IsNaN(score)) labelled += rowsPerSample[i];
            for (var end = row + rowsPerSample[i]; row < end; row++) scores[row] = score;
        }

        return (scores, labelled);
    }

    private static float One(Sample sample, IReadOnlyList<float> numbers) => numbers.Count == 1 ? numbers[0] : throw new DecantException(
        $"Sample {sample.Id}: expected one score of how alike two texts are, came {numbers.Count} numbers; name one column.");

    private static string[] TextsOf(Sample sample)
    {
        var content = CollatorParts.Content<TextContent>(sample, "a text or a pair of texts");
        return content.Pair is null ? [content.Text] : [content.Text, content.Pair];
    }

    private bool Hides(int id, ref Rng chance) => _tokenDropout > 0 && !_special.IsAround(id) && chance.NextDouble() < _tokenDropout;

    private int[][] Encode(Sample sample)
    {
        ArgumentNullException.ThrowIfNull(sample);
        return _remembered.Get(sample, () => [.. TextsOf(sample).Select(text => _tokenizer.EncodeForModel(text, null, _maxTokens).Ids)]);
    }
}
