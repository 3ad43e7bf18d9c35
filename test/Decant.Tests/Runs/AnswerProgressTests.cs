using Decant.Data;
using Decant.Data.Batching;
using Decant.Runs.Preparing;
using Decant.Runs.Reports.Record;

namespace Decant.Tests.Runs;

/// <summary>How far a model is with answering: shown from the first second on, with the time that the positions to come will take.</summary>
public sealed class AnswerProgressTests
{
    private readonly Clock _clock = new();
    private readonly List<AnswersAsked> _shown = [];

    [Fact]
    public void The_time_to_go_follows_the_positions_and_not_the_samples()
    {
        // Batches of two: 2 × 6, 2 × 2 and 1 × 1 positions.
        string[] texts = ["1 2 3 4 5 6", "1 2 3 4 5", "1 2", "3 4", "1"];
        using var data = Dataset.From("texts", texts.Select(t => ((SampleContent)new TextContent(t), (string?)null)));
        var batches = new BatchSource(data, new TextCollator(MadeUpTokenizer(), 8), new BatchOptions { Size = 2, Shuffle = false, LongestFirst = true });
        foreach (var batch in Watch().Over(batches).Enumerate(0))
        {
            batch.Dispose();
            _clock.Forward(2);
        }

        Assert.Equal([2L, 4L, 5L], _shown.Select(a => a.Samples));
        Assert.All(_shown, a => Assert.Equal(5, a.Total));
        Assert.Equal(2.0 * 5 / 12, _shown[0].SecondsLeft!.Value, 1e-9);
        Assert.Equal(4.0 * 1 / 16, _shown[1].SecondsLeft!.Value, 1e-9);
        Assert.Equal([false, false, true], _shown.Select(a => a.IsComplete));
        Assert.Equal(6, _shown[2].Seconds);
    }

    [Fact]
    public void What_is_over_in_a_second_is_not_shown()
    {
        var watch = Watch();
        watch.Report(0, 10, 0);
        _clock.Forward(0.5);
        watch.Report(5, 10, 0.5);
        _clock.Forward(0.4);
        watch.Report(10, 10, 1);
        Assert.Empty(_shown);
        Assert.Equal((10L, 0.9), (watch.Last.Samples, watch.Last.Seconds));
    }

    [Fact]
    public void A_run_records_once_what_the_teachers_answers_took()
    {
        using var work = new Workplace();
        var run = work.Distill("text.yaml", "run", "--set", "distill.warm-up=null");
        var asked = Assert.Single(Workplace.Record(run).Events.OfType<AnswersAsked>());
        Assert.Equal((AnswersAsked.TeacherAnswers, Arms.Student, 3L, true), (asked.Purpose, asked.Arm, asked.Seed, asked.IsComplete));
        Assert.Equal((128L, 128L), (asked.Samples, asked.Total)); // 160, a fifth of them to validate
        Assert.True(asked.Seconds > 0);
        Assert.Contains("outputs for 128 samples", File.ReadAllText(Path.Combine(run, "report.html")), StringComparison.Ordinal);
    }

    private AnswerProgress Watch() => new(happened => _shown.Add((AnswersAsked)happened), new() { Purpose = "test", Arm = Arms.Student, Seed = 1 }, _clock);

    private static Decant.Text.ITokenizer MadeUpTokenizer() => Decant.Tests.Data.MadeUpTokenizer.Make(300);

    private sealed class Clock : TimeProvider
    {
        private long _ticks = 1;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => _ticks;

        public void Forward(double seconds) => _ticks += (long)(seconds * TimeSpan.TicksPerSecond);
    }
}
