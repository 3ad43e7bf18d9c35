using Decant.Evaluation;

namespace Decant.Tests.Evaluation;

public sealed class LatencyProbeTests
{
    [Fact]
    public void Models_are_timed_in_turn_and_each_gets_its_own_times()
    {
        var clock = new ManualClock();
        var calls = new List<string>();
        Action Takes(string name, double ms) => () => { calls.Add(name); clock.Advance(ms); };
        var probe = new LatencyProbe(new LatencyOptions { WarmUpRounds = 1, MinimumRounds = 3, MaximumRounds = 3 }, clock);

        var stats = probe.Time([Takes("teacher", 10), Takes("student", 1), Takes("control", 2)]);

        Assert.Equal([10, 1, 2], stats.Select(s => Math.Round(s.P50, 6)));
        Assert.All(stats, s => Assert.Equal(3, s.Count));
        Assert.Equal(
            ["teacher", "student", "control", "teacher", "student", "control", "student", "control", "teacher", "control", "teacher", "student"], calls);
    }

    [Fact]
    public void The_warm_up_is_not_counted()
    {
        var clock = new ManualClock();
        var call = 0;
        var probe = new LatencyProbe(new LatencyOptions { WarmUpRounds = 5, MinimumRounds = 10, MaximumRounds = 10 }, clock);

        var stats = probe.Time([() => clock.Advance(call++ < 5 ? 1000 : 1)])[0];

        Assert.Equal(1, stats.P99, 6);
    }

    [Fact]
    public void A_slow_model_stops_at_the_budget_but_not_before_the_minimum()
    {
        var clock = new ManualClock();
        var options = new LatencyOptions { WarmUpRounds = 0, MinimumRounds = 4, MaximumRounds = 1000, Budget = TimeSpan.FromSeconds(1) };

        Assert.Equal(4, new LatencyProbe(options, clock).Time([() => clock.Advance(5000)])[0].Count);
        Assert.Equal(10, new LatencyProbe(options, clock).Time([() => clock.Advance(100)])[0].Count);
        Assert.Equal(1000, new LatencyProbe(options, clock).Time([() => { }])[0].Count);
    }

    [Fact]
    public void Throughput_is_that_of_the_median_batch()
    {
        var clock = new ManualClock();
        var target = new LatencyTarget("student", () => clock.Advance(1), () => clock.Advance(16));

        var result = new LatencyProbe(new LatencyOptions { MaximumRounds = 20 }, clock).Measure([target]).Single();

        Assert.Equal(2000, result.SamplesPerSecond, 6);
        Assert.Equal(1, result.One.P50, 6);
    }

    [Fact]
    public void Slow_batches_are_run_five_times_and_once_before()
    {
        var (clock, ones, batches) = (new ManualClock(), 0, 0);
        var target = new LatencyTarget("teacher", () => { ones++; clock.Advance(1000); }, () => { batches++; clock.Advance(20_000); });

        var result = new LatencyProbe(new LatencyOptions(), clock).Measure([target]).Single();

        Assert.Equal((20, 5), (result.One.Count, result.Batch.Count));
        Assert.Equal((25, 6), (ones, batches));
    }

    [Fact]
    public void Cancelling_stops_the_probe()
    {
        using var source = new CancellationTokenSource();
        Assert.Throws<OperationCanceledException>(() => new LatencyProbe().Time([source.Cancel], source.Token));
    }

    private sealed class ManualClock : TimeProvider
    {
        private long _now;

        public override long TimestampFrequency => 1_000_000;

        public override long GetTimestamp() => _now;

        public void Advance(double milliseconds) => _now += (long)(1000 * milliseconds);
    }
}
