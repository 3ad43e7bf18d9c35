namespace Decant.Data.Batching;

/// <summary>How a stream of tokens is cut for a model that carries its state from batch to batch.</summary>
internal sealed record ContiguousOptions
{
    /// <summary>B, the lanes: how many places of the stream are read side by side.</summary>
    public required int Lanes { get; init; }

    /// <summary>T, the tokens by which each lane advances from batch to batch: the length of truncated back-propagation through time.</summary>
    public required int Tokens { get; init; }

    /// <summary>How many batches a background thread makes ahead; default: 4; 0: none, and no thread.</summary>
    public int Prefetch { get; init; } = 4;
}
