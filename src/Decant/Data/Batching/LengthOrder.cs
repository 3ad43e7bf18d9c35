using System.Runtime.ExceptionServices;

namespace Decant.Data.Batching;

/// <summary>The samples of a dataset from the longest to the shortest, so that batches of neighbours have little padding.</summary>
/// <remarks>A function of dataset and collator alone: samples of equal length stay in the dataset's order.</remarks>
internal sealed class LengthOrder
{
    private readonly int[] _lengths;

    private LengthOrder(int[] lengths)
    {
        _lengths = lengths;
        // The longest first: what does not fit in memory fails at once, and not at the end.
        Indices = [.. Enumerable.Range(0, lengths.Length).OrderByDescending(i => lengths[i])]; // OrderByDescending is stable
    }

    /// <summary>The indices of all samples, the longest sample first.</summary>
    public int[] Indices { get; }

    /// <summary>Measures every sample, on all cores: in tokens where the collator knows them, else as the dataset does.</summary>
    /// <exception cref="DecantException">A sample cannot become a sequence.</exception>
    public static LengthOrder Of(Dataset data, ICollator collator)
    {
        var lengths = new int[data.Count];
        if (collator is not ITokenCollator measuring || IsPacked(data))
        {
            for (var i = 0; i < lengths.Length; i++) lengths[i] = data.LengthOf(i);
            return new LengthOrder(lengths);
        }

        try
        {
            Parallel.For(0, lengths.Length, i => lengths[i] = measuring.TokensOf(data[i]));
        }
        catch (AggregateException faults) when (faults.InnerExceptions[0] is DecantException)
        {
            ExceptionDispatchInfo.Throw(faults.InnerExceptions[0]);
        }

        return new LengthOrder(lengths);
    }

    /// <summary>The positions of each batch of a number of samples, padding included: its samples times its longest.</summary>
    public long[] PositionsOfBatches(int size)
    {
        var positions = new long[(Indices.Length + size - 1) / size];
        for (var b = 0; b < positions.Length; b++)
        {
            var first = b * size;
            positions[b] = (long)Math.Min(size, Indices.Length - first) * Math.Max(1, _lengths[Indices[first]]);
        }

        return positions;
    }

    // Packed sequences know their tokens without being read.
    private static bool IsPacked(Dataset data) => data.Count > 0 && data[0].Content is TokenContent;
}
