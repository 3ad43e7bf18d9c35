namespace Decant.Data;

/// <summary>Gives epochs of a chosen length from a source with shorter or longer ones, going on where the last ended.</summary>
/// <remarks>So that a student that sees few labelled samples makes as many updates as one that sees many unlabelled ones.</remarks>
/// <param name="source">Where the batches come from.</param>
/// <param name="batchesPerEpoch">The length of an epoch here.</param>
public sealed class CycledBatchSource(IBatchSource source, int batchesPerEpoch) : IBatchSource
{
    /// <inheritdoc/>
    public int BatchesPerEpoch => batchesPerEpoch;

    /// <inheritdoc/>
    public IEnumerable<Batch> Epoch(int epoch, int firstBatch = 0, CancellationToken cancellationToken = default)
    {
        var position = (long)epoch * batchesPerEpoch + firstBatch;
        var left = batchesPerEpoch - firstBatch;
        while (left > 0)
        {
            var (inner, skip) = Math.DivRem(position, source.BatchesPerEpoch);
            foreach (var batch in source.Epoch((int)inner, (int)skip, cancellationToken))
            {
                yield return batch;
                position++;
                if (--left == 0)
                    yield break;
            }
        }
    }
}
