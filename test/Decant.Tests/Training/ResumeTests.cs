using Decant.Training;
using Decant.Training.Checkpoints;

namespace Decant.Tests.Training;

public class ResumeTests
{
    private const int Steps = 12;

    public static TheoryData<int> EveryStep => [.. Enumerable.Range(1, Steps)];

    [Theory]
    [MemberData(nameof(EveryStep))]
    public void Interrupted_after_any_update_it_goes_on_to_the_same_bits(int step)
    {
        using var whole = new TrainingRun();
        var expected = whole.Run();

        using var stop = new CancellationTokenSource();
        using var first = new TrainingRun(new Recorder { AtStep = s => { if (s.Step == step) stop.Cancel(); } });
        var interrupted = first.Run(cancellationToken: stop.Token);
        Assert.Equal(StopReason.Interrupted, interrupted.Reason);
        Assert.Equal(step, interrupted.Steps);
        using var snapshot = first.Loop.Capture();

        using var second = new TrainingRun();
        AreSame(expected, whole, second.Run(snapshot, seed: 999), second);
        Assert.Equal(whole.Observer.Steps.Skip(step).Select(s => s.Loss), second.Observer.Steps.Select(s => s.Loss));
    }

    [Theory]
    [MemberData(nameof(EveryStep))]
    public void From_a_snapshot_that_an_observer_took_at_any_update_it_goes_on_to_the_same_bits(int step)
    {
        TrainingSnapshot? taken = null;
        TrainingRun? running = null;
        using var whole = running = new TrainingRun(new Recorder { AtStep = s => { if (s.Step == step) taken = running!.Loop.Capture(); } });
        var expected = whole.Run();
        using var snapshot = taken!;
        Assert.Equal(step, snapshot.Position.Step);
        using var second = new TrainingRun();
        AreSame(expected, whole, second.Run(snapshot, seed: 999), second);
    }

    [Fact]
    public void From_a_snapshot_that_an_observer_took_at_any_validation_it_goes_on_to_the_same_bits()
    {
        var taken = new List<TrainingSnapshot>();
        TrainingRun? running = null;
        using var whole = running = new TrainingRun(new Recorder { AtValidation = _ => taken.Add(running!.Loop.Capture()) });
        var expected = whole.Run();
        Assert.Equal(4, taken.Count);
        foreach (var snapshot in taken)
        {
            using var second = new TrainingRun();
            AreSame(expected, whole, second.Run(snapshot, seed: 999), second);
            snapshot.Dispose();
        }
    }

    [Fact]
    public void Interrupted_in_a_validation_it_validates_again_when_it_goes_on()
    {
        using var whole = new TrainingRun();
        var expected = whole.Run();
        using var stop = new CancellationTokenSource();
        using var first = new TrainingRun(change: p => p with
        {
            Validate = token =>
            {
                stop.Cancel();
                token.ThrowIfCancellationRequested();
                return new Dictionary<string, double>();
            },
        });
        Assert.Equal(StopReason.Interrupted, first.Run(cancellationToken: stop.Token).Reason);
        Assert.Empty(first.Observer.Validations);
        using var snapshot = first.Loop.Capture();
        using var second = new TrainingRun();
        AreSame(expected, whole, second.Run(snapshot, seed: 999), second);
        Assert.Equal(whole.Observer.Validations.Count, second.Observer.Validations.Count);
    }

    [Fact]
    public void Interrupted_when_patience_ran_out_it_stops_early_as_it_would_have()
    {
        using var stop = new CancellationTokenSource();
        using var first = new TrainingRun(new Recorder { AtValidation = v => { if (v.Epoch == 3) stop.Cancel(); } }, p => Falling(p));
        Assert.Equal(StopReason.EarlyStopping, first.Run(cancellationToken: stop.Token).Reason);

        using var again = new CancellationTokenSource();
        using var interrupted = new TrainingRun(new Recorder { AtStep = s => { if (s.Epoch == 3) again.Cancel(); } }, p => Falling(p));
        Assert.Equal(StopReason.Interrupted, interrupted.Run(cancellationToken: again.Token).Reason);
        using var snapshot = interrupted.Loop.Capture();
        using var second = new TrainingRun(change: p => Falling(p));
        var result = second.Run(snapshot);
        Assert.Equal((StopReason.EarlyStopping, 9L, 3L), (result.Reason, result.Steps, result.BestStep));

        static TrainingPlan Falling(TrainingPlan plan)
        {
            var score = 1.0;
            return plan with { Epochs = 10, Patience = 2, Validate = _ => new Dictionary<string, double> { ["accuracy"] = score /= 2 } };
        }
    }

    [Fact]
    public void An_interrupted_loop_goes_on_where_it_stands()
    {
        using var whole = new TrainingRun();
        var expected = whole.Run();
        using var stop = new CancellationTokenSource();
        using var run = new TrainingRun(new Recorder { AtStep = s => { if (s.Step == 5) stop.Cancel(); } });
        run.Run(cancellationToken: stop.Token);
        AreSame(expected, whole, run.Loop.Run(), run);
    }

    [Fact]
    public void A_finished_training_stays_finished()
    {
        using var whole = new TrainingRun();
        var expected = whole.Run();
        using var snapshot = whole.Loop.Capture();
        using var second = new TrainingRun();
        AreSame(expected, whole, second.Run(snapshot), second);
        Assert.Empty(second.Observer.Steps);
    }

    [Fact]
    public void Cancelled_before_it_starts_it_changes_nothing()
    {
        using var run = new TrainingRun();
        var before = run.Student.Numbers();
        var result = run.Run(cancellationToken: new CancellationToken(true));
        Assert.Equal((StopReason.Interrupted, 0L), (result.Reason, result.Steps));
        Assert.Equal(before, run.Student.Numbers());
    }

    [Fact]
    public void Updates_that_were_left_out_are_not_counted_by_Adam_after_a_resume_either()
    {
        using var whole = new TrainingRun(change: Sparse);
        var expected = whole.Run();
        Assert.NotEmpty(whole.Observer.Empty);
        using var stop = new CancellationTokenSource();
        using var first = new TrainingRun(new Recorder { AtStep = s => { if (s.Step == 4) stop.Cancel(); } }, Sparse);
        first.Run(cancellationToken: stop.Token);
        using var snapshot = first.Loop.Capture();
        using var second = new TrainingRun(change: Sparse);
        AreSame(expected, whole, second.Run(snapshot), second);

        static TrainingPlan Sparse(TrainingPlan plan) => plan with
        {
            Accumulate = 1,
            Objectives = [new(new Decant.Objectives.Logits.LabelsObjective(), 1)],
            Batches = new TinySource([-100, 0, 1, -100, 2], 1, 2, 1, 1),
        };
    }

    [Fact]
    public void The_time_of_both_parts_is_counted_once()
    {
        using var first = new TrainingRun();
        first.Run();
        using var snapshot = first.Loop.Capture();
        using var later = snapshot with { Position = snapshot.Position with { Epoch = 1, Batch = 0, Seconds = 100 } };
        Assert.InRange(first.Loop.Run(later).Elapsed.TotalSeconds, 100, 130);
        Assert.All(first.Observer.Steps[^3..], s => Assert.InRange(s.Elapsed.TotalSeconds, 100, 130));
    }

    private static void AreSame(TrainingResult expected, TrainingRun whole, TrainingResult actual, TrainingRun resumed)
    {
        Assert.Equal(whole.Student.Numbers(), resumed.Student.Numbers());
        Assert.Equal((expected.Steps, expected.BestStep, expected.Reason), (actual.Steps, actual.BestStep, actual.Reason));
        Assert.Equal(expected.BestScores, actual.BestScores);
    }
}
