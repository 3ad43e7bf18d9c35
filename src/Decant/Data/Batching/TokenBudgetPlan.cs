namespace Decant.Data.Batching;

/// <summary>Which samples make which batch under a budget of tokens per batch, padding included.</summary>
/// <remarks>
/// Shuffled, samples are sorted by length, those of like length in another order each epoch, and the batches are shuffled. Where a batch ends depends on the sorted
/// lengths alone, so every epoch has as many batches.
/// </remarks>
internal static class TokenBudgetPlan
{
    private const ulong Purpose = 0x627564676574; // keeps this use of a seed apart from others

    /// <summary>Lengths that differ by less count as alike, so that batches have other company each epoch.</summary>
    private const int Alike = 8;

    /// <summary>The tokens of every sample.</summary>
    public static int[] Measure(Dataset data, ICollator collator, int tokens, BatchOptions options)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(tokens, nameof(options));
        if (collator is not ITokenCollator measuring) throw new ArgumentException($"Batches limited by tokens need sequences of tokens, and {collator.GetType().Name} makes none.", nameof(options));
        if (options.DropLast) throw new ArgumentException("Batches limited by tokens are never incomplete, so none can be left out: Tokens and DropLast contradict each other.", nameof(options));
        if (options is { Shuffle: true, BucketWindow: 0 })
            throw new ArgumentException("Batches limited by tokens are made of texts of similar length: Tokens and a BucketWindow of 0 contradict each other.", nameof(options));
        var lengths = new int[data.Count];
        Parallel.For(0, lengths.Length, i => lengths[i] = measuring.TokensOf(data[i]));
        var tooLong = Array.FindIndex(lengths, length => length > tokens);
        return tooLong < 0 ? lengths : throw new DecantException(
            $"{data.Where(tooLong)}: the text has {lengths[tooLong]:N0} tokens, and a batch may have {tokens:N0}; allow a batch more, or a text fewer.");
    }

    public static ArraySegment<int>[] Make(int[] lengths, BatchOptions options, int epoch)
    {
        var order = Enumerable.Range(0, lengths.Length).ToArray();
        var rng = Rng.For(options.Seed, Purpose, (ulong)epoch);
        if (options.Shuffle)
        {
            rng.Shuffle<int>(order);
            var keys = new long[order.Length];
            for (var i = 0; i < keys.Length; i++) keys[i] = ((long)Rounded(lengths[order[i]]) << 32) | (uint)i;
            Array.Sort(keys, order);
        }

        var batches = Cut(order, lengths, options);
        if (options.Shuffle) rng.Shuffle<ArraySegment<int>>(batches);
        return batches;
    }

    private static ArraySegment<int>[] Cut(int[] order, int[] lengths, BatchOptions options)
    {
        var batches = new List<ArraySegment<int>>();
        var (start, longest) = (0, 0);
        for (var i = 0; i < order.Length; i++)
        {
            // Rounded where the order of equals changes: what fits one epoch must fit every one.
            var length = options.Shuffle ? Math.Min(Rounded(lengths[order[i]]), options.Tokens!.Value) : lengths[order[i]];
            var grown = Math.Max(longest, length);
            if (i > start && ((long)grown * (i + 1 - start) > options.Tokens || i - start == options.Size))
            {
                batches.Add(new(order, start, i - start));
                (start, grown) = (i, length);
            }

            longest = grown;
        }

        if (start < order.Length) batches.Add(new(order, start, order.Length - start));
        return [.. batches];
    }

    private static int Rounded(int length) => (length + Alike - 1) / Alike * Alike;
}
