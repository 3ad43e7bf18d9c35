using Decant.Torch;

namespace Decant.Data.Batching;

/// <summary>The batches of a dataset, made ahead on a thread of their own.</summary>
/// <remarks>Each call of <see cref="Enumerate"/> has its own thread; several may run at once. An enumeration that is left early releases what was made ahead.</remarks>
internal sealed class BatchSource : IMeasuredSource
{
    private readonly Dataset _data;
    private readonly ICollator _collator;
    private readonly BatchOptions _options;
    private readonly int[]? _lengths; // where batches have a token budget
    private readonly Lazy<LengthOrder>? _order; // where the longest come first
    private readonly ClassDraws? _draws; // where classes are drawn more often than they have samples, or less

    /// <summary>A source of batches.</summary>
    /// <param name="data">The samples; not disposed by this.</param>
    /// <param name="collator">Makes tensors of them.</param>
    /// <param name="options">Size, seed, order. With <see cref="BatchOptions.Tokens"/> all samples are measured now.</param>
    /// <exception cref="DecantException">No batch would come out, or a sample has more tokens than a batch may have.</exception>
    /// <exception cref="ArgumentException">The options contradict each other.</exception>
    public BatchSource(Dataset data, ICollator collator, BatchOptions options)
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(collator);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(options.Size, nameof(options));
        ArgumentOutOfRangeException.ThrowIfNegative(options.BucketWindow, nameof(options));
        ArgumentOutOfRangeException.ThrowIfNegative(options.Prefetch, nameof(options));
        _data = data;
        _collator = collator;
        _options = options;
        if (options.LongestFirst)
        {
            if (options.Shuffle || options.Tokens is not null || options.Sampling is not null)
                throw new ArgumentException("An order by length is neither shuffled nor drawn, and its batches are of so many samples: LongestFirst contradicts Shuffle, Tokens and Sampling.", nameof(options));
            if (collator.HasLengths) _order = new(() => LengthOrder.Of(data, collator));
        }

        _draws = options.Sampling is null ? null : new ClassDraws(data, options);
        if (options.Tokens is { } tokens)
        {
            _lengths = TokenBudgetPlan.Measure(data, collator, tokens, options);
            BatchesPerEpoch = TokenBudgetPlan.Make(_lengths, options, epoch: 0).Length;
            return;
        }

        if (options.Size == int.MaxValue) throw new ArgumentException("A batch needs a size, in samples (Size) or in tokens (Tokens).", nameof(options));
        BatchesPerEpoch = (int)(options.DropLast ? data.Count / options.Size : ((long)data.Count + options.Size - 1) / options.Size);
        if (BatchesPerEpoch == 0)
            throw new DecantException($"{data.Name}: {data.Count:N0} samples do not fill a batch of {options.Size:N0}, and incomplete ones are left out; make the batch smaller.");
    }

    /// <inheritdoc/>
    public int BatchesPerEpoch { get; }

    /// <inheritdoc/>
    public int Count => _data.Count;

    /// <inheritdoc/>
    /// <remarks>Where the longest come first, all samples are measured, once.</remarks>
    public IReadOnlyList<long> WorkPerBatch()
    {
        if (_order is not null) return _order.Value.PositionsOfBatches(_options.Size);
        return [.. Enumerable.Range(0, BatchesPerEpoch).Select(b => (long)Math.Min(_options.Size, _data.Count - ((long)b * _options.Size)))];
    }

    /// <inheritdoc/>
    public IEnumerable<Batch> Enumerate(int epoch, int firstBatch = 0, CancellationToken cancellationToken = default)
    {
        Check(epoch, firstBatch);
        return _options.Prefetch == 0 ? Make(epoch, firstBatch, cancellationToken) : MakeAhead(epoch, firstBatch, cancellationToken);
    }

    /// <inheritdoc/>
    public IEnumerable<Batch> EnumerateSynchronously(int epoch, int firstBatch = 0, CancellationToken cancellationToken = default)
    {
        Check(epoch, firstBatch);
        return Make(epoch, firstBatch, cancellationToken);
    }

    private void Check(int epoch, int firstBatch)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(epoch);
        ArgumentOutOfRangeException.ThrowIfNegative(firstBatch);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(firstBatch, BatchesPerEpoch);
    }

    private IEnumerable<Batch> MakeAhead(int epoch, int firstBatch, CancellationToken cancellationToken)
    {
        using var ahead = new Prefetcher<Batch>(stop => Make(epoch, firstBatch, stop), _options.Prefetch, cancellationToken);
        while (ahead.TryTake(out var batch)) yield return batch;
    }

    private IEnumerable<Batch> Make(int epoch, int firstBatch, CancellationToken cancellationToken)
    {
        var plan = _lengths is not null
            ? TokenBudgetPlan.Make(_lengths, _options, epoch)
            : BatchPlan.Make(_data.Count, _collator.HasLengths ? _data.LengthOf : null, _options, epoch, _draws?.Of(epoch) ?? _order?.Value.Indices);
        var seen = _draws is null ? null : new int[_data.Count];
        if (seen is not null)
            foreach (var index in plan.Take(firstBatch).SelectMany(indices => indices)) seen[index]++;
        for (var b = firstBatch; b < plan.Length; b++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return MakeOne(plan[b], epoch, seen);
        }
    }

    /// <param name="indices">The samples.</param>
    /// <param name="epoch">The epoch.</param>
    /// <param name="seen">How often each sample came before in this epoch; null where none comes twice.</param>
    private Batch MakeOne(ArraySegment<int> indices, int epoch, int[]? seen)
    {
        var samples = new Sample[indices.Count];
        for (var i = 0; i < samples.Length; i++)
        {
            samples[i] = _data[indices[i]];
            if (seen is not null && _options.Views is null) samples[i] = samples[i] with { Repeat = seen[indices[i]]++ };
        }

        using var scope = TensorScope.Open(); // what a failing collator leaves is released with it; the batch owns its tensors
        if (_options.Views is not { } views)
            return _collator.Collate(samples, _options.Seed, epoch);
        var batch = _collator.Collate(samples, seed: 0, epoch % views);
        batch.View = epoch % views;
        return batch;
    }
}
