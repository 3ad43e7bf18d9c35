using Decant.Runs.Planning;
using Decant.Runs.Recipes.Schema;
using Decant.Training;
using Decant.Training.Checkpoints;
using Decant.Training.Schedules;

namespace Decant.Tests.Training;

/// <summary>Validation every so many updates: when it happens, that it changes nothing, and that a training resumed between two of them is the same.</summary>
public class ValidationTimeTests
{
    private const int Steps = 12; // four epochs of three updates, each of up to two batches

    public static TheoryData<int> EveryStep => [.. Enumerable.Range(1, Steps)];

    [Theory]
    [InlineData(1, "1 2 3 4 5 6 7 8 9 10 11 12")]
    [InlineData(2, "2 4 6 8 10 12")]
    [InlineData(3, "3 6 9 12")]    // the ends of epochs
    [InlineData(5, "5 10 12")]     // and one at the end of the training
    [InlineData(12, "12")]
    [InlineData(100, "12")]
    public void It_is_made_after_so_many_updates_counted_over_all_epochs_and_at_the_end(int every, string expected)
    {
        using var run = new TrainingRun(change: p => p with { ValidateEvery = every });
        run.Run();
        Assert.Equal(expected, string.Join(' ', run.Observer.Validations.Select(v => v.Step)));
        // Five batches to an epoch, two to an update: update 1 ends at 0.4, 2 at 0.8, 3 at 1.
        Assert.All(run.Observer.Validations, v => Assert.Equal((v.Step / 3) + (v.Step % 3 * 0.4), v.Epochs, 1e-12));
        Assert.All(run.Observer.Validations, v => Assert.Equal(((v.Step - 1) / 3) + 1, v.Epoch));
    }

    [Fact]
    public void At_the_ends_of_epochs_it_is_the_validation_that_nothing_is_said_of()
    {
        using var unsaid = new TrainingRun();
        using var said = new TrainingRun(change: p => p with { ValidateEvery = 3 });
        Assert.Equal(unsaid.Run().BestScores, said.Run().BestScores);
        Assert.Equal(unsaid.Student.Numbers(), said.Student.Numbers());
        Assert.Equal(unsaid.Observer.Validations.Select(v => (v.Step, v.Epoch, v.Scores["accuracy"], v.IsBest)), said.Observer.Validations.Select(v => (v.Step, v.Epoch, v.Scores["accuracy"], v.IsBest)));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("1+1")]
    public void The_updates_are_the_same_bits_with_it_and_without(string? cores)
    {
        float[] Last(Func<TrainingPlan, TrainingPlan> change)
        {
            float[] numbers = [];
            TrainingRun? running = null;
            using var run = running = new TrainingRun(new Recorder { AtStep = s => { if (s.Step == Steps) numbers = running!.Student.Numbers(); } }, p => change(p with
            {
                Schedule = new ConstantSchedule(Steps, new ConstantRate()),
                Cores = cores is null ? null : Decant.Signals.ThreadAllocation.Parse(cores),
            }));
            run.Run();
            Assert.NotEmpty(numbers);
            return numbers;
        }

        var without = Last(p => p with { Validate = null });
        Assert.Equal(without, Last(p => p with { ValidateEvery = 1 }));
        Assert.Equal(without, Last(p => p with { ValidateEvery = 2 }));
    }

    [Theory]
    [MemberData(nameof(EveryStep))]
    public void Interrupted_after_any_update_it_goes_on_to_the_same_bits_scores_and_validations(int step)
    {
        using var whole = new TrainingRun(change: Every2);
        var expected = whole.Run();
        using var stop = new CancellationTokenSource();
        using var first = new TrainingRun(new Recorder { AtStep = s => { if (s.Step == step) stop.Cancel(); } }, Every2);
        Assert.Equal(StopReason.Interrupted, first.Run(cancellationToken: stop.Token).Reason);
        using var snapshot = first.Loop.Capture();
        using var second = new TrainingRun(change: Every2);
        AreSame(expected, whole, second.Run(snapshot, seed: 999), second);
        Assert.Equal(whole.Observer.Validations.Select(v => v.Step), first.Observer.Validations.Concat(second.Observer.Validations).Select(v => v.Step));
    }

    [Fact]
    public void From_a_snapshot_taken_at_any_validation_it_goes_on_without_making_it_again()
    {
        var taken = new List<TrainingSnapshot>();
        TrainingRun? running = null;
        using var whole = running = new TrainingRun(new Recorder { AtValidation = _ => taken.Add(running!.Loop.Capture()) }, p => p with { ValidateEvery = 5 });
        var expected = whole.Run();
        Assert.Equal([5L, 10, 12], taken.Select(t => t.Position.Validated));
        foreach (var snapshot in taken)
        {
            using var second = new TrainingRun(change: p => p with { ValidateEvery = 5 });
            AreSame(expected, whole, second.Run(snapshot, seed: 999), second);
            Assert.Equal(whole.Observer.Validations.Select(v => v.Step).Where(s => s > snapshot.Position.Step), second.Observer.Validations.Select(v => v.Step));
            snapshot.Dispose();
        }
    }

    [Fact]
    public void Broken_off_it_is_made_again_when_the_training_goes_on()
    {
        using var whole = new TrainingRun(change: Every2);
        var expected = whole.Run();
        using var stop = new CancellationTokenSource();
        using var first = new TrainingRun(change: p => Every2(p) with
        {
            Validate = token =>
            {
                stop.Cancel();
                token.ThrowIfCancellationRequested();
                return new Dictionary<string, double>();
            },
        });
        Assert.Equal((StopReason.Interrupted, 2L), (first.Run(cancellationToken: stop.Token).Reason, first.Loop.At.Step));
        using var snapshot = first.Loop.Capture();
        using var second = new TrainingRun(change: Every2);
        AreSame(expected, whole, second.Run(snapshot, seed: 999), second);
        Assert.Equal(6, second.Observer.Validations.Count);
    }

    [Fact]
    public void Patience_and_plateau_count_validations_and_end_within_an_epoch()
    {
        var score = 1.0;
        using var run = new TrainingRun(change: p => p with
        {
            Epochs = 1,
            Batches = TinySource.OfSize(24, 2),
            Schedule = new PlateauSchedule(12, new PlateauDecay { Patience = 0 }),
            LearningRate = 0.8,
            ValidateEvery = 2,
            Patience = 3,
            Validate = _ => new Dictionary<string, double> { ["accuracy"] = score /= 2 },
        });
        var result = run.Run();
        Assert.Equal((StopReason.EarlyStopping, 8L, 2L), (result.Reason, result.Steps, result.BestStep));
        Assert.Equal([0.8, 0.8, 0.8, 0.8, 0.4, 0.4, 0.2, 0.2], run.Observer.Steps.Select(s => Math.Round(s.LearningRate, 9)));
        var source = (TinySource)run.Plan.Batches;
        Assert.Equal((0, 0), (source.AliveBatches, source.OpenEpochs));
    }

    [Fact]
    public void After_it_the_student_trains_again_and_what_is_frozen_stays_in_evaluation_mode()
    {
        using var still = new TinyModel();
        TrainingRun? running = null;
        var modes = new List<(bool Student, bool Still)>();
        using var run = running = new TrainingRun(
            new Recorder { AtStep = _ => modes.Add((running!.Student.Last.Training, still.IsTraining)) },
            p => p with { ValidateEvery = 1, FrozenModules = [still], Validate = _ => Switched(still) });
        run.Run();
        Assert.Equal(Enumerable.Repeat((true, false), Steps), modes);
        Assert.False(run.Student.IsTraining);

        static Dictionary<string, double> Switched(TinyModel model)
        {
            model.Train(); // whatever validation does to it
            return new() { ["accuracy"] = 1 };
        }
    }

    [Fact]
    public void No_update_between_two_of_them_is_refused() =>
        Assert.Contains("at least one update between two validations; 0 came", Assert.Throws<DecantException>(() => new TrainingRun(change: p => p with { ValidateEvery = 0 })).Message);

    [Theory]
    [InlineData("200 steps", 200L, "200 steps")]
    [InlineData("1 step", 1L, "1 steps")]
    [InlineData("1e3 steps", 1000L, "1000 steps")]
    [InlineData("0.25 epochs", 25L, "0.25 epochs")]
    [InlineData("1 epoch", 100L, "1 epochs")]
    [InlineData("2.5 epochs", 250L, "2.5 epochs")]
    [InlineData("0.0001 epochs", 1L, "0.0001 epochs")]
    public void An_interval_is_steps_or_a_share_of_an_epoch(string text, long stepsOfHundred, string written)
    {
        var interval = ValidationInterval.Parse(text, null);
        Assert.Equal((stepsOfHundred, written), (interval.InSteps(100), interval.ToString()));
        Assert.Equal(interval, ValidationInterval.Parse(interval.ToString(), null));
    }

    [Theory]
    [InlineData("200")]
    [InlineData("0 steps")]
    [InlineData("1.5 steps")]
    [InlineData("-1 epochs")]
    [InlineData("0 epochs")]
    [InlineData("200 batches")]
    [InlineData("")]
    public void And_nothing_else(string text) => Assert.False(ValidationInterval.TryParse(text, null, out _));

    [Theory]
    [InlineData(null, 300, 100, 500, null)]         // three epochs: after each
    [InlineData(null, 100, 1000, 640, 20L)]         // 3,200 samples are trained on, so five validations of 640
    [InlineData(null, 150, 100, 100, 15L)]
    [InlineData(null, 5, 100, 1, 1L)]
    [InlineData(null, 100, 1000, 100_000, null)]    // a validation would be larger than the training: once, at the end
    [InlineData("7 steps", 300, 100, 500, 7L)]
    [InlineData("0.5 epochs", 300, 100, 500, 50L)]
    public void Steps_of_fewer_than_two_epochs_are_validated_up_to_ten_times(string? said, int steps, int stepsPerEpoch, int samples, long? every)
    {
        var fit = new DistillSection { Steps = steps, Batch = 32, Optimizer = null!, ValidateEvery = said is null ? null : ValidationInterval.Parse(said, null) };
        var budget = Budget.Of(fit, stepsPerEpoch);
        Assert.Equal(every, ValidationTimes.Every(fit, budget, samples));
        Assert.Null(ValidationTimes.Every(fit with { Steps = null, Epochs = 1, ValidateEvery = null }, budget, samples));
    }

    private static TrainingPlan Every2(TrainingPlan plan) => plan with { ValidateEvery = 2 };

    private static void AreSame(TrainingResult expected, TrainingRun whole, TrainingResult actual, TrainingRun resumed)
    {
        Assert.Equal(whole.Student.Numbers(), resumed.Student.Numbers());
        Assert.Equal((expected.Steps, expected.BestStep, expected.Reason), (actual.Steps, actual.BestStep, actual.Reason));
        Assert.Equal(expected.BestScores, actual.BestScores);
    }
}
