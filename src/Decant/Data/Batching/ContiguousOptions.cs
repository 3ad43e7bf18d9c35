namespace Decant.Data.Batching;

/// <summary>How a stream of tokens is cut for a model that carries its state from batch to batch.</summary>
public sealed record ContiguousOptions
{
    /// <summary>B, the lanes: how many places of the stream are read side by side.</summary>
    public required int Lanes { get; init; }

    /// <summary>T, the tokens that each lane goes on by from batch to batch: as far as gradients go back.</summary>
    public required int Tokens { get; init; }

    /// <summary>How many batches a background thread makes ahead; default: 4; 0: none, and no thread.</summary>
    public int Prefetch { get; init; } = 4;
}
