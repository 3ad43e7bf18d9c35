namespace Decant.Evaluation;

/// <summary>How long and how often a probe measures.</summary>
internal sealed record LatencyOptions
{
    /// <summary>Untimed rounds before the first timed one: caches filled, pages mapped, code compiled.</summary>
    public int WarmUpRounds { get; init; } = 5;

    /// <summary>Timed rounds at least, however long they take.</summary>
    public int MinimumRounds { get; init; } = 20;

    /// <summary>Timed rounds of batches at least, where <see cref="MinimumRounds"/> is more: a batch takes long, and its median is of many samples. One is untimed before them.</summary>
    public int MinimumBatches { get; init; } = 5;

    /// <summary>Timed rounds at most.</summary>
    public int MaximumRounds { get; init; } = 1000;

    /// <summary>After this time, warm-up included, no further round starts once there are <see cref="MinimumRounds"/>.</summary>
    public TimeSpan Budget { get; init; } = TimeSpan.FromSeconds(3);
}

/// <summary>One model to be timed.</summary>
/// <param name="Name">Its name in the result.</param>
/// <param name="One">Runs it on one sample.</param>
/// <param name="Batch">Runs it on a batch of <see cref="LatencyProbe.BatchSize"/> samples.</param>
internal sealed record LatencyTarget(string Name, Action One, Action Batch);

/// <summary>How fast one model is.</summary>
/// <param name="Name">The model's name.</param>
/// <param name="One">Latency of one sample.</param>
/// <param name="Batch">Latency of a batch of <see cref="LatencyProbe.BatchSize"/> samples.</param>
internal sealed record LatencyResult(string Name, LatencyStats One, LatencyStats Batch)
{
    /// <summary>Samples per second in batches, by the median batch.</summary>
    public double SamplesPerSecond => 1000.0 * LatencyProbe.BatchSize / Batch.P50;
}

/// <summary>Times several models in turn, so that a temporary slowdown of the machine affects all of them.</summary>
/// <param name="options">How long and how often; the defaults when null.</param>
/// <param name="clock">The clock; the system's when null.</param>
internal sealed class LatencyProbe(LatencyOptions? options = null, TimeProvider? clock = null)
{
    /// <summary>The batch size that throughput is measured with.</summary>
    public const int BatchSize = 32;

    private readonly LatencyOptions _options = options ?? new LatencyOptions();
    private readonly TimeProvider _clock = clock ?? TimeProvider.System;

    /// <summary>Measures batch-1 latency and batch-32 throughput of every model; the budget holds for each of the two.</summary>
    public IReadOnlyList<LatencyResult> Measure(IReadOnlyList<LatencyTarget> targets, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(targets);
        var one = Time([.. targets.Select(t => t.One)], ct);
        var forBatches = _options with { WarmUpRounds = Math.Min(_options.WarmUpRounds, 1), MinimumRounds = Math.Min(_options.MinimumRounds, _options.MinimumBatches) };
        var batch = new LatencyProbe(forBatches, _clock).Time([.. targets.Select(t => t.Batch)], ct);
        return [.. targets.Select((t, i) => new LatencyResult(t.Name, one[i], batch[i]))];
    }

    /// <summary>Times each action once per round; every round starts with another one, so that none always follows the heaviest.</summary>
    public IReadOnlyList<LatencyStats> Time(IReadOnlyList<Action> actions, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(actions);
        var begin = _clock.GetTimestamp();
        for (var round = 0; round < _options.WarmUpRounds; round++)
            foreach (var action in actions)
                Run(action, ct);
        var times = actions.Select(_ => new List<double>()).ToArray();
        for (var round = 0; GoesOn(round, begin); round++)
            for (var turn = 0; turn < actions.Count; turn++)
            {
                var which = (round + turn) % actions.Count;
                times[which].Add(Run(actions[which], ct));
            }
        return [.. times.Select(LatencyStats.From)];
    }

    private bool GoesOn(int round, long begin) =>
        round < Math.Max(1, _options.MinimumRounds) || (round < _options.MaximumRounds && _clock.GetElapsedTime(begin) < _options.Budget);

    private double Run(Action action, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        var start = _clock.GetTimestamp();
        action();
        return _clock.GetElapsedTime(start).TotalMilliseconds;
    }
}
