using Decant.Signals;
using Decant.Tests.Signals;
using Decant.Torch;
using Decant.Training;

namespace Decant.Tests.Training;

public class ThreadAutotunerTests
{
    [Fact]
    public void Every_way_to_share_comes_into_question_once()
    {
        Assert.Equal(["1"], Words(1, withTeacher: true));
        Assert.Equal(["2", "1", "1/2"], Words(2, withTeacher: false));
        Assert.Equal(["2", "1", "1/2", "1+1"], Words(2, withTeacher: true));
        Assert.Equal(["8", "1", "1/8", "4+4", "7+1", "1+7"], Words(8, withTeacher: true));

        static IEnumerable<string> Words(int cores, bool withTeacher) => ThreadAutotuner.Candidates(cores, withTeacher).Select(c => c.ToString());
    }

    [Fact]
    public void The_fastest_wins_and_nothing_is_left()
    {
        var (before, threads) = (Tensor.LiveCount, Runtime.Threads);
        var clock = new ManualClock();
        using (var run = Timed(clock))
        {
            var (best, seconds) = ThreadAutotuner.Choose(run.Plan, [new(1), new(1, 1)], seconds: 0.1, clock);
            Assert.Equal(new ThreadAllocation(1, 1), best);
            Assert.Equal(0.02, seconds[new(1)], 1e-9);
            Assert.Equal(0.01, seconds[new(1, 1)], 1e-9);
            Assert.Equal(new ThreadAllocation(1), ThreadAutotuner.Choose(run.Plan, [new(1)], seconds: 0.01, clock).Best);
        }

        Assert.Equal((before, threads), (Tensor.LiveCount, Runtime.Threads));
    }

    [Fact]
    public void It_stops_when_it_is_told_to()
    {
        using var stop = new CancellationTokenSource();
        var steps = 0;
        using var run = Timed(new ManualClock(), () => { if (++steps == 20) stop.Cancel(); });
        Assert.ThrowsAny<OperationCanceledException>(() => ThreadAutotuner.Choose(run.Plan, [new(1), new(1, 1)], seconds: 60, new ManualClock(), stop.Token));
        Assert.Equal(20, steps);
    }

    /// <summary>A training whose student takes 10 ms of a clock for a batch, and its teacher as long where the student has to wait for it.</summary>
    private static TrainingRun Timed(ManualClock clock, Action? atStep = null)
    {
        var student = Thread.CurrentThread;
        return new(change: p => p with
        {
            Teacher = new ScriptedTeacher(_ => clock.Pass(Thread.CurrentThread == student ? 10 : 0)),
            Objectives = [.. p.Objectives, new(new ScriptedObjective(_ => { clock.Pass(10); atStep?.Invoke(); return 1; }), 1)],
            Batches = TinySource.OfSize(50, 4),
            Epochs = 1000,
            Accumulate = 1,
        });
    }
}
