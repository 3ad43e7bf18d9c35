namespace Decant.Data.Batching;

/// <summary>Gives epochs of a chosen length from a source with shorter or longer ones, going on where the last ended.</summary>
/// <remarks>So that a student that sees few labelled samples makes as many updates as one that sees many unlabelled ones.</remarks>
/// <param name="source">Where the batches come from.</param>
/// <param name="batchesPerEpoch">The length of an epoch here.</param>
internal sealed class CycledBatchSource(IBatchSource source, int batchesPerEpoch) : IBatchSource
{
    /// <inheritdoc/>
    public int BatchesPerEpoch => batchesPerEpoch;

    /// <inheritdoc/>
    public IEnumerable<Batch> Enumerate(int epoch, int firstBatch = 0, CancellationToken cancellationToken = default) =>
        Cycle(epoch, firstBatch, (inner, skip) => source.Enumerate(inner, skip, cancellationToken));

    /// <inheritdoc/>
    public IEnumerable<Batch> EnumerateSynchronously(int epoch, int firstBatch = 0, CancellationToken cancellationToken = default) =>
        Cycle(epoch, firstBatch, (inner, skip) => source.EnumerateSynchronously(inner, skip, cancellationToken));

    private IEnumerable<Batch> Cycle(int epoch, int firstBatch, Func<int, int, IEnumerable<Batch>> batches)
    {
        var position = (long)epoch * batchesPerEpoch + firstBatch;
        var left = batchesPerEpoch - firstBatch;
        while (left > 0)
        {
            var (inner, skip) = Math.DivRem(position, source.BatchesPerEpoch);
            foreach (var batch in batches((int)inner, (int)skip))
            {
                yield return batch;
                position++;
                if (--left == 0)
                    yield break;
            }
        }
    }
}
