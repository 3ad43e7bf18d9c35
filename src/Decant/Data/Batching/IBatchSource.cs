namespace Decant.Data.Batching;

/// <summary>Gives the batches of every epoch: the same ones for the same seed and epoch, from any batch on.</summary>
internal interface IBatchSource
{
    /// <summary>How many batches an epoch has.</summary>
    int BatchesPerEpoch { get; }

    /// <summary>The batches of an epoch in order; each is the caller's to dispose.</summary>
    /// <param name="epoch">From 0.</param>
    /// <param name="firstBatch">Where to begin, from 0: how a stopped run is resumed.</param>
    /// <param name="cancellationToken">Ends the sequence with an <see cref="OperationCanceledException"/>.</param>
    IEnumerable<Batch> Enumerate(int epoch, int firstBatch = 0, CancellationToken cancellationToken = default);

    /// <summary>The same batches, each made on the caller's thread when it is requested; a source that never makes them ahead need not say so.</summary>
    /// <param name="epoch">From 0.</param>
    /// <param name="firstBatch">Where to begin, from 0.</param>
    /// <param name="cancellationToken">Ends the sequence with an <see cref="OperationCanceledException"/>.</param>
    IEnumerable<Batch> EnumerateSynchronously(int epoch, int firstBatch = 0, CancellationToken cancellationToken = default) => Enumerate(epoch, firstBatch, cancellationToken);
}
