namespace Decant.Data.Batching;

/// <summary>Batches of samples that are counted, and whose cost for a model is known beforehand.</summary>
internal interface IMeasuredSource : IBatchSource
{
    /// <summary>The samples of an epoch.</summary>
    int Count { get; }

    /// <summary>What each batch of an epoch costs a model, in some unit of its own: positions, padding included, where the longest come first, else samples.</summary>
    IReadOnlyList<long> WorkPerBatch();
}
