namespace Decant.Data.Batching;

/// <summary>All augmented views of all samples in one epoch, view by view: what a teacher is asked about.</summary>
/// <param name="source">Gives the views in turn, one in each epoch.</param>
/// <param name="views">How many there are.</param>
internal sealed class AllViews(IMeasuredSource source, int views) : IMeasuredSource
{
    /// <inheritdoc/>
    public int BatchesPerEpoch => checked(source.BatchesPerEpoch * views);

    /// <inheritdoc/>
    public int Count => checked(source.Count * views);

    /// <inheritdoc/>
    public IReadOnlyList<long> WorkPerBatch()
    {
        var once = source.WorkPerBatch();
        return [.. Enumerable.Repeat(once, views).SelectMany(work => work)];
    }

    /// <inheritdoc/>
    public IEnumerable<Batch> Enumerate(int epoch, int firstBatch = 0, CancellationToken cancellationToken = default) =>
        From(firstBatch, (view, first) => source.Enumerate(view, first, cancellationToken));

    /// <inheritdoc/>
    public IEnumerable<Batch> EnumerateSynchronously(int epoch, int firstBatch = 0, CancellationToken cancellationToken = default) =>
        From(firstBatch, (view, first) => source.EnumerateSynchronously(view, first, cancellationToken));

    private IEnumerable<Batch> From(int firstBatch, Func<int, int, IEnumerable<Batch>> of)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(firstBatch);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(firstBatch, BatchesPerEpoch);
        var (begin, first) = Math.DivRem(firstBatch, source.BatchesPerEpoch);
        return Enumerable.Range(begin, views - begin).SelectMany(view => of(view, view == begin ? first : 0));
    }
}
