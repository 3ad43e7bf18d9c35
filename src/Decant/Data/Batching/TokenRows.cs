using Decant.Torch;

namespace Decant.Data.Batching;

/// <summary>Fills a batch of token sequences and the rows that are predicted.</summary>
internal sealed class TokenRows
{
    private readonly IReadOnlyList<SampleId> _samples;
    private readonly int _width;
    private readonly int _vocabulary;
    private readonly long[] _ids;
    private readonly bool[] _mask;
    private readonly List<long> _positions = [];
    private readonly List<long> _labels = [];
    private readonly int[] _rowsPerSample;
    private readonly long[] _bytes;
    private long[]? _segments;
    private long[]? _types;
    private bool _knowsBytes = true;
    private long[]? _firstLabels;

    /// <param name="samples">The ids of B samples.</param>
    /// <param name="width">T, the longest sequence.</param>
    /// <param name="pad">What fills the others.</param>
    /// <param name="vocabulary">V: ids must be below it.</param>
    public TokenRows(IReadOnlyList<SampleId> samples, int width, int pad, int vocabulary)
    {
        (_samples, _width, _vocabulary) = (samples, width, vocabulary);
        _ids = new long[samples.Count * width];
        _mask = new bool[_ids.Length];
        _rowsPerSample = new int[samples.Count];
        _bytes = new long[samples.Count];
        Array.Fill(_ids, pad);
    }

    public void Put(int sample, ReadOnlySpan<int> ids)
    {
        for (var i = 0; i < ids.Length; i++)
        {
            if ((uint)ids[i] >= (uint)_vocabulary)
                throw new DecantException($"Sample {_samples[sample]}: token {i + 1} has the id {ids[i]}, and the vocabulary has the ids 0 to {_vocabulary - 1}; were the tokens made by another tokenizer?");
            _ids[(sample * _width) + i] = ids[i];
            _mask[(sample * _width) + i] = true;
        }
    }

    /// <summary>Asks about a position of a sequence. The rows of a sample come in order, and the samples too.</summary>
    public void Ask(int sample, int position, long label)
    {
        _positions.Add((sample * _width) + position);
        _labels.Add(label);
        _rowsPerSample[sample]++;
    }

    public void PutTypes(int sample, ReadOnlySpan<byte> types)
    {
        if (types.IndexOfAnyExcept((byte)0) < 0) return;
        _types ??= new long[_ids.Length];
        for (var i = 0; i < types.Length; i++) _types[(sample * _width) + i] = types[i];
    }

    /// <summary>Numbers the documents of a sequence.</summary>
    /// <param name="sample">Which sequence.</param>
    /// <param name="length">Its positions.</param>
    /// <param name="starts">Where documents begin, ascending.</param>
    public void PutSegments(int sample, int length, IReadOnlyList<int> starts)
    {
        _segments ??= new long[_ids.Length];
        var (segment, next) = (0, starts.Count > 0 && starts[0] == 0 ? 1 : 0);
        for (var i = 0; i < length; i++)
        {
            if (next < starts.Count && starts[next] == i)
            {
                segment++;
                next++;
            }

            _segments[(sample * _width) + i] = segment;
        }
    }

    /// <summary>The bytes that a sample's rows say; null: not known, and so not those of the batch.</summary>
    public void PutBytes(int sample, long? bytes)
    {
        _knowsBytes &= bytes is not null;
        _bytes[sample] = bytes ?? 0;
    }

    /// <summary>Where in its running text the token is that a row at position 0 of a sequence predicts; null: the sequence is no part of one.</summary>
    public void PutFirstLabel(int sample, long? token)
    {
        if (token is not { } known) return;
        _firstLabels ??= new long[_samples.Count];
        _firstLabels[sample] = known;
    }

    /// <summary>The batch.</summary>
    /// <param name="continues">Whether each sequence continues where that of the batch before ended.</param>
    /// <param name="written">What a model wrote; null: the text is from the data.</param>
    public Batch ToBatch(bool continues = false, WrittenTokens? written = null)
    {
        long[] shape = [_samples.Count, _width]; // [B, T]
        var labels = _labels.ToArray();
        var counts = BatchCounts.Of(_mask, _width, labels);
        return new Batch(
            Tensor.From(_ids, shape), Tensor.From(labels, labels.Length), counts.LabelledRows(0, labels.Length), _samples, Tensor.From(_mask, shape),
            _types is null ? null : Tensor.From(_types, shape), Tensor.From(_positions.ToArray(), _positions.Count), _segments is null ? null : Tensor.From(_segments, shape))
        {
            Counts = counts,
            RowsPerSample = _rowsPerSample,
            BytesPerSample = _knowsBytes ? _bytes : null,
            Continues = continues,
            FirstLabels = _firstLabels,
            Written = written,
        };
    }
}
