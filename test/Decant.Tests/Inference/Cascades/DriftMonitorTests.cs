using Decant.Evaluation;
using Decant.Inference.Cascades;
using Decant.Runs.Cascades;
using Microsoft.Extensions.Logging;

namespace Decant.Tests.Inference.Cascades;

/// <summary>On the stored numbers of a student of SST-2: requests drawn from all rows, compared with 1,000 of them.</summary>
public class DriftMonitorTests
{
    private const int Repetitions = 200;

    private static readonly IReadOnlyList<HeldOutAnswer> s_rows = CascadeRow.HeldOut(CascadeRow.Read(Repository.Find("test/Decant.Tests/Golden/cascades/sst2.csv")), CascadeTruth.Teacher, "");

    private static CascadePolicy Policy(SplitMix64 random) =>
        CascadeSelection.Choose([.. Enumerable.Range(0, 1000).Select(_ => s_rows[random.Below(s_rows.Count)])], new("student", "teacher", []));

    /// <summary>The share of repetitions with an alarm.</summary>
    private static int Alarmed(Func<SplitMix64, DriftMonitor> make, Action<DriftMonitor, SplitMix64> requests, DriftKind? kind = null) => Enumerable.Range(1, Repetitions).Count(seed =>
    {
        var random = new SplitMix64((ulong)seed);
        var monitor = make(random);
        requests(monitor, random);
        return monitor.Alarms.Any(a => kind is null || a.Kind == kind);
    });

    [Fact]
    public void Where_nothing_changes_alarms_are_rare_over_the_horizon()
    {
        // 100 windows of 500 requests, and 20 of 1,000 shadowed rows whose risk is the level itself. 17 of 200 are 5 % and its chance.
        var alarmed = Alarmed(r => new(Policy(r)), (monitor, random) =>
        {
            for (var i = 0; i < 50_000; i++)
            {
                var row = s_rows[random.Below(s_rows.Count)];
                monitor.Observe(row.Confidence, row.Length);
                if (i % 2 == 0)
                    monitor.ObserveAgreement(random.Unit() >= 0.05);
            }
        });
        Assert.InRange(alarmed, 0, 17);
    }

    [Fact]
    public void A_fifth_of_requests_of_another_kind_is_noticed_within_two_windows()
    {
        // One request in five is a text of which the student knows nothing: a confidence from 0.5 to 0.75, below the threshold.
        var alarmed = Alarmed(r => new(Policy(r)), (monitor, random) =>
        {
            for (var i = 0; i < 1000; i++)
            {
                var row = s_rows[random.Below(s_rows.Count)];
                monitor.Observe(random.Unit() < 0.2 ? 0.5 + (0.25 * random.Unit()) : row.Confidence, row.Length);
            }
        });
        Assert.InRange(alarmed, 190, Repetitions);
    }

    [Fact]
    public void Texts_longer_by_a_third_are_noticed_within_two_windows()
    {
        var alarmed = Alarmed(r => new(Policy(r)), (monitor, random) =>
        {
            for (var i = 0; i < 1000; i++)
            {
                var row = s_rows[random.Below(s_rows.Count)];
                monitor.Observe(row.Confidence, row.Length * 4 / 3);
            }
        }, DriftKind.Length);
        Assert.InRange(alarmed, 190, Repetitions);
    }

    [Theory]
    [InlineData(0.10, 2000)]
    [InlineData(0.15, 1000)]
    public void A_risk_of_twice_the_level_is_noticed_within_two_windows_and_of_three_times_within_one(double risk, int rows)
    {
        var alarmed = Alarmed(r => new(Policy(r)), (monitor, random) =>
        {
            for (var i = 0; i < rows; i++)
                monitor.ObserveAgreement(random.Unit() >= risk);
        }, DriftKind.Agreement);
        Assert.InRange(alarmed, 190, Repetitions);
    }

    [Fact]
    public void A_change_is_told_once_to_log_event_and_property()
    {
        var (log, told) = (new Lines(), new List<DriftAlarm>());
        var monitor = new DriftMonitor(Policy(new SplitMix64(1)), logger: log);
        monitor.Noticed += (_, alarm) => told.Add(alarm);
        for (var i = 0; i < 1500; i++)
            monitor.Observe(0.5, 1);
        Assert.Equal([DriftKind.Confidence, DriftKind.AcceptedShare, DriftKind.Length], told.Select(a => a.Kind));
        Assert.All(told, a => Assert.Equal(500, a.Requests));
        Assert.Equal(told.Select(a => a.Message), log.Warnings);
        Assert.Equal(told, monitor.Alarms);
        Assert.StartsWith("Drift of the accepted share: 0 of 500 requests are answered locally, of the held-out rows ", told[1].Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_policy_without_held_out_rows_cannot_be_watched() =>
        Assert.Throws<DecantException>(() => new DriftMonitor(CascadeSelection.Choose([], new("s", "t", []))));

    [Theory]
    [InlineData(49, 1000, 100, 0.05)]
    [InlineData(500, 10, 100, 0.05)]
    [InlineData(500, 1000, 0, 0.05)]
    [InlineData(500, 1000, 100, 1.0)]
    public void Options_out_of_range_are_refused(int window, int agreement, int horizon, double falseAlarms) =>
        Assert.Throws<DecantException>(() => new DriftMonitor(Policy(new SplitMix64(1)), new() { Window = window, AgreementWindow = agreement, Horizon = horizon, FalseAlarms = falseAlarms }));

    // Fisher's tea: 3 of 4 and 1 of 4 have the tail 17 / 70; Kolmogorov's distribution at 1.0 is 0.27.
    [Fact]
    public void P_values_by_hand()
    {
        Assert.Equal(34.0 / 70, TwoSampleTests.Shares(3, 4, 1, 4), 12);
        Assert.Equal(1, TwoSampleTests.Shares(2, 4, 2, 4), 12);
        Assert.Equal(1, TwoSampleTests.KolmogorovSmirnov([1, 2, 3], [1, 2, 3]), 12);
        double[] a = [.. Enumerable.Range(0, 2000).Select(i => i / 2000.0)], b = [.. a.Select(x => x + (1.0 / Math.Sqrt(1000)))];
        Assert.InRange(TwoSampleTests.KolmogorovSmirnov(a, b), 0.25, 0.28);
    }

    private sealed class Lines : ILogger
    {
        public List<string> Warnings { get; } = [];

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (logLevel == LogLevel.Warning)
                Warnings.Add(formatter(state, exception));
        }
    }
}
