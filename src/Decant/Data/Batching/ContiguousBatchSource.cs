using Decant.Data.Labels;
using Decant.Data.Tokens;
using Decant.Torch;

namespace Decant.Data.Batching;

/// <summary>
/// Batches for truncated back-propagation through time: the stream of tokens in B lanes of equal length, each batch the next T tokens of every lane, so that a
/// recurrent model continues with the state it had (<see cref="Batch.Continues"/>: all but the first of an epoch).
/// </summary>
/// <remarks>
/// Every token but the stream's first is predicted once an epoch, none left out: lanes differ by one token at most, and a lane that has ended while others have one
/// more gets its last token as input without a row. All epochs are alike; nothing is shuffled, for a lane must go on where it was. To begin in the middle of an epoch a
/// model needs the state that it had there. The id of a lane's part is made of its tokens and of where it stands.
/// </remarks>
internal sealed class ContiguousBatchSource : IBatchSource
{
    private readonly TokenFile _file;
    private readonly ContiguousOptions _options;
    private readonly long _predicted;

    /// <summary>A source of batches.</summary>
    /// <param name="file">The tokens; not disposed by this.</param>
    /// <param name="options">Lanes and tokens.</param>
    /// <exception cref="DecantException">There are fewer tokens to predict than lanes, or more batches than can be counted.</exception>
    public ContiguousBatchSource(TokenFile file, ContiguousOptions options)
    {
        ArgumentNullException.ThrowIfNull(file);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(options.Lanes, nameof(options));
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(options.Tokens, nameof(options));
        ArgumentOutOfRangeException.ThrowIfNegative(options.Prefetch, nameof(options));
        (_file, _options, _predicted) = (file, options, file.Count - 1);
        if (_predicted < options.Lanes)
            throw new DecantException($"{file.Name}: {file.Count:N0} tokens are too few for {options.Lanes} lanes, each of which needs one to predict; take fewer lanes or more text.");
        var batches = (LengthOf(0) + options.Tokens - 1) / options.Tokens;
        BatchesPerEpoch = batches <= int.MaxValue ? (int)batches : throw new DecantException($"{file.Name}: {batches:N0} batches are more than can be counted; take more lanes or tokens.");
    }

    /// <inheritdoc/>
    public int BatchesPerEpoch { get; }

    /// <inheritdoc/>
    public IEnumerable<Batch> Enumerate(int epoch, int firstBatch = 0, CancellationToken cancellationToken = default)
    {
        Check(epoch, firstBatch);
        return _options.Prefetch == 0 ? Make(firstBatch, cancellationToken) : MakeAhead(firstBatch, cancellationToken);
    }

    /// <inheritdoc/>
    public IEnumerable<Batch> EnumerateSynchronously(int epoch, int firstBatch = 0, CancellationToken cancellationToken = default)
    {
        Check(epoch, firstBatch);
        return Make(firstBatch, cancellationToken);
    }

    private void Check(int epoch, int firstBatch)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(epoch);
        ArgumentOutOfRangeException.ThrowIfNegative(firstBatch);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(firstBatch, BatchesPerEpoch);
    }

    /// <summary>The tokens that a lane predicts; the first lanes may have one more than the others.</summary>
    private long LengthOf(int lane) => (_predicted / _options.Lanes) + (lane < _predicted % _options.Lanes ? 1 : 0);

    private long StartOf(int lane) => (_predicted / _options.Lanes * lane) + Math.Min(lane, _predicted % _options.Lanes);

    private IEnumerable<Batch> MakeAhead(int firstBatch, CancellationToken cancellationToken)
    {
        using var ahead = new Prefetcher<Batch>(stop => Make(firstBatch, stop), _options.Prefetch, cancellationToken);
        while (ahead.TryTake(out var batch)) yield return batch;
    }

    private IEnumerable<Batch> Make(int firstBatch, CancellationToken cancellationToken)
    {
        for (var number = firstBatch; number < BatchesPerEpoch; number++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return MakeOne(number);
        }
    }

    private Batch MakeOne(int number)
    {
        var done = (long)number * _options.Tokens;
        var width = (int)Math.Min(_options.Tokens, LengthOf(0) - done);
        var samples = new Sample[_options.Lanes];
        for (var lane = 0; lane < samples.Length; lane++) samples[lane] = Part(StartOf(lane), done, (int)Math.Min(width, LengthOf(lane) - done), width);

        using var scope = TensorScope.Open(); // the batch owns its tensors
        var rows = new TokenRows(CollatorParts.IdsOf(samples), width, 0, _file.VocabularySize);
        for (var lane = 0; lane < samples.Length; lane++) Put(rows, lane, (TokenContent)samples[lane].Content, width, LengthOf(lane) - done);
        return rows.ToBatch(continues: number > 0);
    }

    /// <summary>The next tokens of a lane: inputs and the last label, or the input alone where nothing is left to predict.</summary>
    private Sample Part(long laneStart, long done, int predicted, int width)
    {
        var start = laneStart + done;
        var ids = new int[Math.Max(predicted, width - 1) + 1];
        _file.Read(start, ids);
        var bytes = _file.BytesBefore(start + predicted + 1) - _file.BytesBefore(start + 1);
        var id = Rng.Mix(Rng.Mix(ContentHash.OfTokens(ids) + (ulong)start) + (ulong)laneStart);
        return new Sample(new SampleId(id), new TokenContent(ids, bytes) { Start = start }, null, ContentAnnotation.Instance);
    }

    private static void Put(TokenRows rows, int lane, TokenContent part, int width, long left)
    {
        var ids = part.Ids.Span;
        rows.Put(lane, ids[..width]);
        rows.PutBytes(lane, part.Bytes);
        rows.PutFirstLabel(lane, part.Start + 1);
        for (var i = 0; i < Math.Min(width, left); i++) rows.Ask(lane, i, ids[i + 1]);
    }
}
