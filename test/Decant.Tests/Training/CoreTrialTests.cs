using Decant.Signals;
using Decant.Tests.Signals;
using Decant.Torch;
using Decant.Training;

namespace Decant.Tests.Training;

public class CoreTrialTests
{
    [Fact]
    public void Every_way_to_share_comes_into_question_once()
    {
        Assert.Equal(["1"], Words(1, withTeacher: true));
        Assert.Equal(["2", "1", "1/2"], Words(2, withTeacher: false));
        Assert.Equal(["2", "1", "1/2", "1+1"], Words(2, withTeacher: true));
        Assert.Equal(["8", "1", "1/8", "4+4", "7+1", "1+7"], Words(8, withTeacher: true));

        static IEnumerable<string> Words(int cores, bool withTeacher) => CoreTrial.Candidates(cores, withTeacher).Select(c => c.ToString());
    }

    [Fact]
    public void The_fastest_wins_and_nothing_is_left()
    {
        // Teacher and observer-less student both wait: at the same time that takes half of the time, whatever the machine does besides.
        var (before, threads) = (Tensor.LiveCount, Runtime.Threads);
        using (var run = Slow())
        {
            var (best, seconds) = CoreTrial.Choose(run.Plan, [new(1), new(1, 1)], seconds: 0.1);
            Assert.Equal(new CoreSplit(1, 1), best);
            Assert.InRange(seconds[new(1, 1)], 0, 0.8 * seconds[new(1)]);
            Assert.Equal(new CoreSplit(1), CoreTrial.Choose(run.Plan, [new(1)], seconds: 0.01).Best);
        }

        Assert.Equal((before, threads), (Tensor.LiveCount, Runtime.Threads));
    }

    [Fact]
    public void It_stops_when_it_is_told_to()
    {
        using var stop = new CancellationTokenSource(200);
        using var run = Slow();
        var began = System.Diagnostics.Stopwatch.GetTimestamp();
        Assert.ThrowsAny<OperationCanceledException>(() => CoreTrial.Choose(run.Plan, [new(1), new(1, 1)], seconds: 60, stop.Token));
        Assert.InRange(System.Diagnostics.Stopwatch.GetElapsedTime(began).TotalSeconds, 0, 20);
    }

    private static TrainingRun Slow() => new(change: p => p with
    {
        Teacher = new ScriptedTeacher(_ => Thread.Sleep(10)),
        Objectives = [.. p.Objectives, new(new ScriptedObjective(_ => { Thread.Sleep(10); return 1; }), 1)],
        Batches = TinySource.OfSize(50, 4),
        Epochs = 1000,
        Accumulate = 1,
    });
}
