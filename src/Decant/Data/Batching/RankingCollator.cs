using Decant.Data.Labels;
using Decant.Text;
using Decant.Torch;

namespace Decant.Data.Batching;

/// <summary>Queries with documents, for a model that gives each query with each document a score, or for one that gives each text a vector of its own.</summary>
/// <remarks>
/// For scores, a row is [CLS] query [SEP] document [SEP], one for each document. For vectors, a sample is the row of its query and then those of its documents. Labels are the grades, float32 [R, 1], not a
/// number in the row of a query and where there is none.
/// </remarks>
internal sealed class RankingCollator : ITokenCollator
{
    private readonly ITokenizer _tokenizer;
    private readonly int _maxTokens;
    private readonly bool _asVectors;
    private readonly double _tokenDropout;
    private readonly SpecialIds _special;
    private readonly int _mask;
    private readonly CachedTokens<EncodedText[]> _remembered = new(rows => rows.Sum(row => row.Ids.Length));

    /// <summary>A collator.</summary>
    /// <param name="tokenizer">Turns text into ids.</param>
    /// <param name="maxTokens">T, the most tokens of a row, special ones included; 3 or more.</param>
    /// <param name="asVectors">Whether each text is a row of its own; false: a query with a document is one.</param>
    /// <param name="augment">Only <see cref="AugmentOptions.TokenDropout"/> is for texts; null: nothing.</param>
    /// <exception cref="DecantException">The augmentation is one for images, or hides tokens and the tokenizer has no [MASK].</exception>
    public RankingCollator(ITokenizer tokenizer, int maxTokens, bool asVectors, AugmentOptions? augment = null)
    {
        ArgumentNullException.ThrowIfNull(tokenizer);
        ArgumentOutOfRangeException.ThrowIfLessThan(maxTokens, 3);
        if (augment is { ChangesImages: true }) throw new DecantException("augment: 'shift', 'crop-padding' and 'flip' are for images, and the input is text; take them out.");
        (_tokenizer, _maxTokens, _asVectors, _tokenDropout) = (tokenizer, maxTokens, asVectors, augment?.TokenDropout ?? 0);
        _special = SpecialIds.Of(tokenizer);
        _mask = _tokenDropout > 0 ? _special.RequireMask("augment: 'token-dropout'") : 0;
    }

    /// <inheritdoc/>
    public bool HasLengths => true;

    /// <inheritdoc/>
    public Batch Collate(IReadOnlyList<Sample> samples, ulong seed, int epoch)
    {
        ArgumentNullException.ThrowIfNull(samples);
        var rows = samples.Select(Encode).ToArray();
        long[] shape = [rows.Sum(r => r.Length), rows.Max(r => r.Max(row => row.Ids.Length))]; // [R, T]
        var size = checked((int)(shape[0] * shape[1]));
        var (ids, types, mask) = (new long[size], new long[size], new bool[size]);
        Array.Fill(ids, _special.Pad);
        var at = 0;
        for (var i = 0; i < rows.Length; i++)
        {
            var chance = _tokenDropout > 0 ? CollatorParts.ChanceOf(samples[i], seed, epoch) : default;
            foreach (var row in rows[i])
            {
                for (var t = 0; t < row.Ids.Length; t++)
                {
                    ids[at + t] = Hides(row.Ids[t], ref chance) ? _mask : row.Ids[t];
                    types[at + t] = row.TypeIds[t];
                    mask[at + t] = true;
                }

                at += (int)shape[1];
            }
        }

        var grades = samples.SelectMany(Grades).ToArray();
        return new Batch(
            Tensor.From(ids, shape), Tensor.From(grades, grades.Length, 1), grades.Count(float.IsFinite), CollatorParts.IdsOf(samples), Tensor.From(mask, shape),
            types.AsSpan().IndexOfAnyExcept(0) >= 0 ? Tensor.From(types, shape) : null)
        {
            RowsPerSample = [.. rows.Select(r => r.Length)],
            Ranking = _asVectors ? RankingForm.Vectors : RankingForm.Scores,
            Counts = BatchCounts.Of(mask, (int)shape[1], grades, outputs: 1),
        };
    }

    /// <summary>The positions that a sample takes in a batch: its rows times the longest of them.</summary>
    public int TokensOf(Sample sample)
    {
        var rows = Encode(sample);
        return rows.Length * rows.Max(row => row.Ids.Length);
    }

    /// <inheritdoc/>
    public int LeftOut(Sample sample)
    {
        var kept = Encode(sample);
        return kept.All(row => row.Ids.Length < _maxTokens) ? 0 : Encoded(sample, int.MaxValue).Sum(row => row.Ids.Length) - kept.Sum(row => row.Ids.Length);
    }

    /// <summary>Of a sample's rows the longest alone, which is what the most tokens limit.</summary>
    public int WholeLengthOf(Sample sample) => Encoded(sample, int.MaxValue).Max(row => row.Ids.Length);

    private IEnumerable<float> Grades(Sample sample)
    {
        var documents = Content(sample).Documents.Count;
        var grades = sample.Annotation is GradeAnnotation { Grades: var known } ? known : Enumerable.Repeat(float.NaN, documents);
        return _asVectors ? grades.Prepend(float.NaN) : grades;
    }

    private bool Hides(int id, ref Rng chance) => _tokenDropout > 0 && !_special.IsAround(id) && chance.NextDouble() < _tokenDropout;

    private EncodedText[] Encode(Sample sample)
    {
        ArgumentNullException.ThrowIfNull(sample);
        return _remembered.Get(sample, () => Encoded(sample, _maxTokens));
    }

    private EncodedText[] Encoded(Sample sample, int most)
    {
        var content = Content(sample);
        return _asVectors
            ? [.. content.Documents.Prepend(content.Query).Select(text => _tokenizer.EncodeForModel(text, null, most))]
            : [.. content.Documents.Select(document => _tokenizer.EncodeForModel(content.Query, document, most))];
    }

    private static RankingContent Content(Sample sample) => CollatorParts.Content<RankingContent>(sample, "a query with its documents");
}
