namespace Decant.Data.Batching;

/// <summary>
/// Which task each batch of an epoch is of. A task with n batches has a share of the epoch in proportion to n^α: α = 1 goes through every task's samples once,
/// α = ½ gives small tasks more (square-root sampling), and an α that falls from epoch to epoch begins as the one and ends nearly level (annealed sampling).
/// </summary>
/// <remarks>
/// Stickland and Murray 2019, "BERT and PALs", section 4.2: p ∝ N^α with α = 1 − 0.8·(e − 1) ÷ (E − 1) in epoch e of E. Deviations: an epoch's shares are rounded to
/// whole batches (largest remainders) and shuffled, where theirs are drawn, so that the shares are exact; and N counts batches, which are of one size.
/// A function of sizes, seed and epoch alone.
/// </remarks>
internal sealed class TaskOrder
{
    private const ulong Purpose = 0x7461736B73; // keeps this use of a seed apart from others

    private readonly TaskOrderOptions _options;

    /// <summary>An order.</summary>
    /// <param name="options">Sizes, exponents, seed.</param>
    /// <exception cref="ArgumentException">There is no task, one has no batch, or an exponent is below 0.</exception>
    public TaskOrder(TaskOrderOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Epochs, 1, nameof(options));
        if (options.Sizes.Count == 0 || options.Sizes.Any(s => s < 1))
            throw new ArgumentException($"The tasks' sizes are [{string.Join(", ", options.Sizes)}]: at least one task is needed, and each has a batch.", nameof(options));
        if (!(options.Alpha >= 0) || !(options.LastAlpha >= 0))
            throw new ArgumentException($"The exponents are {options.Alpha} and {options.LastAlpha}: at least 0 is needed.", nameof(options));
        _options = options;
        BatchesPerEpoch = checked((int)options.Sizes.Sum(s => (long)s));
    }

    /// <summary>How many batches an epoch has: as many as all tasks together.</summary>
    public int BatchesPerEpoch { get; }

    /// <summary>α in an epoch: from <see cref="TaskOrderOptions.Alpha"/> in the first to <see cref="TaskOrderOptions.LastAlpha"/> in the last, along a line.</summary>
    /// <param name="epoch">From 0.</param>
    public double AlphaAt(int epoch) => _options.Epochs == 1
        ? _options.Alpha
        : _options.Alpha + ((_options.LastAlpha - _options.Alpha) * Math.Min(epoch, _options.Epochs - 1) / (_options.Epochs - 1));

    /// <summary>How many batches of an epoch each task has; they sum to <see cref="BatchesPerEpoch"/>.</summary>
    /// <param name="epoch">From 0.</param>
    public int[] CountsOf(int epoch)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(epoch);
        var alpha = AlphaAt(epoch);
        var powers = _options.Sizes.Select(s => Math.Pow(s, alpha)).ToArray();
        var quotas = powers.Select(p => p / powers.Sum() * BatchesPerEpoch).ToArray();
        var counts = Array.ConvertAll(quotas, q => (int)q);
        var left = BatchesPerEpoch - counts.Sum();
        foreach (var task in Enumerable.Range(0, counts.Length).OrderByDescending(t => quotas[t] - counts[t]).ThenBy(t => t).Take(left))
            counts[task]++;
        return counts;
    }

    /// <summary>The task of every batch of an epoch, by index, in order.</summary>
    /// <param name="epoch">From 0.</param>
    public int[] Epoch(int epoch)
    {
        var order = CountsOf(epoch).SelectMany((count, task) => Enumerable.Repeat(task, count)).ToArray();
        Rng.For(_options.Seed, Purpose, (ulong)epoch).Shuffle<int>(order);
        return order;
    }

    /// <summary>How many batches each task has before a batch.</summary>
    /// <param name="epoch">The batch's epoch, from 0.</param>
    /// <param name="batch">Its place in the epoch, from 0.</param>
    public long[] Before(int epoch, int batch)
    {
        var counts = new long[_options.Sizes.Count];
        for (var e = 0; e < epoch; e++)
        {
            var whole = CountsOf(e);
            for (var task = 0; task < counts.Length; task++)
                counts[task] += whole[task];
        }

        foreach (var task in Epoch(epoch).Take(batch))
            counts[task]++;
        return counts;
    }
}

/// <summary>How tasks take turns.</summary>
internal sealed record TaskOrderOptions
{
    /// <summary>n: the batches that go through each task's samples once.</summary>
    public required IReadOnlyList<int> Sizes { get; init; }

    /// <summary>α in the first epoch, at least 0; 1, in proportion to the sizes.</summary>
    public double Alpha { get; init; } = 1;

    /// <summary>α in the last epoch, at least 0; 1.</summary>
    public double LastAlpha { get; init; } = 1;

    /// <summary>E, the epochs over which α changes; default: 1. Later ones are as the last.</summary>
    public int Epochs { get; init; } = 1;

    /// <summary>Where the order within an epoch is drawn from.</summary>
    public ulong Seed { get; init; }
}
