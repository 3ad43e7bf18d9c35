namespace Decant.Data.Batching;

/// <summary>Which samples make which batch of an epoch: a function of the data, the options and the epoch alone.</summary>
internal static class BatchPlan
{
    private const ulong Purpose = 0x6F72646572; // keeps this use of a seed apart from others

    /// <summary>The indices of all batches in order.</summary>
    /// <param name="count">The samples of the dataset.</param>
    /// <param name="lengthOf">The length of a sample; null: no buckets.</param>
    /// <param name="options">Size, seed, shuffling.</param>
    /// <param name="epoch">From 0.</param>
    /// <param name="drawn">The samples of the epoch, in the order that they have unless it is shuffled; null: each once, in the dataset's order.</param>
    public static ArraySegment<int>[] Make(int count, Func<int, int>? lengthOf, BatchOptions options, int epoch, int[]? drawn = null)
    {
        var order = drawn ?? Enumerable.Range(0, count).ToArray();
        if (!options.Shuffle) return Cut(order, options);
        var rng = Rng.For(options.Seed, Purpose, (ulong)epoch);
        rng.Shuffle<int>(order);
        if (options.DropLast) order = order[..(count - (count % options.Size))];
        if (lengthOf is null || options.BucketWindow == 0) return Cut(order, options);

        var window = (int)Math.Min(order.Length, (long)options.BucketWindow * options.Size);
        for (var start = 0; start < order.Length; start += window)
        {
            // Equal lengths keep their shuffled order, so the keys are made unique by it.
            var part = order.AsSpan(start, Math.Min(window, order.Length - start));
            var keys = new long[part.Length];
            for (var i = 0; i < keys.Length; i++) keys[i] = ((long)lengthOf(part[i]) << 32) | (uint)i;
            keys.AsSpan().Sort(part);
        }

        var batches = Cut(order, options);
        rng.Shuffle<ArraySegment<int>>(batches);
        return batches;
    }

    private static ArraySegment<int>[] Cut(int[] order, BatchOptions options)
    {
        var batches = new ArraySegment<int>[options.DropLast ? order.Length / options.Size : (order.Length + options.Size - 1) / options.Size];
        for (var b = 0; b < batches.Length; b++) batches[b] = new(order, b * options.Size, Math.Min(options.Size, order.Length - (b * options.Size)));
        return batches;
    }
}
