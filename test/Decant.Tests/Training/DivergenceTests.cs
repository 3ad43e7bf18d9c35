using Decant.Data.Batching;
using Decant.Objectives.Logits;
using Decant.Signals;
using Decant.Torch;
using Decant.Training;

namespace Decant.Tests.Training;

public class DivergenceTests
{
    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void A_loss_that_is_not_finite_stops_and_says_when_and_what_was_last_finite(double factor)
    {
        using var run = new TrainingRun(change: p => TrainLoopTests.Plain(p) with
        {
            Objectives = [new(new ScriptedObjective(asked => asked < 4 ? 0.01 : factor), 1)],
        });
        var error = Assert.Throws<DivergedException>(() => run.Run());
        Assert.Equal(4, error.Step);
        Assert.Equal(3, error.LastFiniteStep);
        Assert.Equal(run.Observer.Steps[^1].Loss, error.LastFiniteLoss);
        Assert.Equal(ExitCodes.Diverged, error.ExitCode);
        Assert.Contains("at step 4; the loss was last finite at step 3", error.Message);
        Assert.All(run.Student.Numbers(), w => Assert.True(float.IsFinite(w)));
    }

    [Fact]
    public void Where_the_loss_is_looked_at_seldom_it_stops_at_the_next_look_or_at_the_end_of_the_epoch()
    {
        foreach (var (every, stopsAt) in new[] { (3, 6L), (1000, 5L) })
        {
            var live = Tensor.LiveCount;
            using (var run = new TrainingRun(change: p => TrainLoopTests.Plain(p) with
            {
                ReadEvery = every,
                Batches = TinySource.OfSize(every == 3 ? 20 : 5, 4),
                Objectives = [new(new ScriptedObjective(asked => asked < 4 ? 0.01 : double.NaN), 1)],
            }))
            {
                var error = Assert.Throws<DivergedException>(() => run.Run());
                Assert.Equal(stopsAt, error.Step);
                Assert.All(run.Student.Numbers(), w => Assert.True(float.IsFinite(w)));
            }

            Assert.Equal(live, Tensor.LiveCount);
        }
    }

    [Fact]
    public void What_is_read_seldom_teaches_the_same()
    {
        using var often = new TrainingRun(change: p => p);
        using var seldom = new TrainingRun(change: p => p with { ReadEvery = 7 });
        often.Run();
        seldom.Run();
        Assert.Equal(often.Student.Numbers(), seldom.Student.Numbers());
    }

    [Fact]
    public void At_the_first_step_there_is_nothing_finite_to_tell()
    {
        using var run = new TrainingRun(change: p => p with { Objectives = [new(new ScriptedObjective(_ => double.NaN), 1)] });
        var error = Assert.Throws<DivergedException>(() => run.Run());
        Assert.Equal(1, error.Step);
        Assert.Null(error.LastFiniteLoss);
        Assert.Contains("no loss before was finite", error.Message);
    }

    [Fact]
    public void Before_any_update_the_learning_rate_is_not_blamed()
    {
        using var run = new TrainingRun(change: p => p with { Objectives = [new(new LabelsObjective(), 1), new(new ScriptedObjective(_ => double.NaN), 1)] });
        var error = Assert.Throws<DivergedException>(() => run.Run());
        Assert.Contains("No update had been made, so the learning rate is not the cause: scripted came out so", error.Message);
        Assert.DoesNotContain("Lower the learning rate", error.Message);
    }

    [Fact]
    public void A_teacher_that_answers_no_numbers_is_named_whenever_it_does()
    {
        using var run = new TrainingRun(change: p => p with { Teacher = new LosesItsMind(5) });
        var error = Assert.Throws<DivergedException>(() => run.Run());
        Assert.True(error.Step > 1);
        Assert.Contains("The teacher's answer to these samples is not finite", error.Message);
        Assert.DoesNotContain("Lower the learning rate", error.Message);
    }

    [Fact]
    public void Weights_that_were_loaded_so_are_named()
    {
        using var run = new TrainingRun(change: p =>
        {
            using var noGrad = Autograd.NoGrad();
            p.Student.StateDict()["out_bias"].CopyInPlace(Tensor.From([0f, float.NaN, 0f]));
            return p;
        });
        Assert.Contains("the student's 'out_bias' is not finite as it was loaded", Assert.Throws<DivergedException>(() => run.Run()).Message);
    }

    [Fact]
    public void Samples_that_are_no_numbers_are_named()
    {
        using var run = new TrainingRun(change: p => p with { Batches = new Holes(p.Batches) });
        Assert.Contains("The samples of this update hold numbers that are not finite", Assert.Throws<DivergedException>(() => run.Run()).Message);
    }

    private sealed class LosesItsMind(int at) : ITeacher
    {
        private int _asked;

        public TeacherOffer Offer { get; } = new(SignalKinds.DenseLogits, ["a", "b", "c"]);

        public TeacherSignal Answer(Batch batch, CancellationToken cancellationToken = default) => new DenseLogits(batch.Values * (++_asked >= at ? double.NaN : 2));

        public void Dispose()
        {
        }
    }

    private sealed class Holes(IBatchSource source) : IBatchSource
    {
        public int BatchesPerEpoch => source.BatchesPerEpoch;

        public IEnumerable<Batch> Enumerate(int epoch, int firstBatch = 0, CancellationToken cancellationToken = default)
        {
            foreach (var batch in source.Enumerate(epoch, firstBatch, cancellationToken))
            {
                batch.Values.MulInPlace(double.NaN);
                yield return batch;
            }
        }
    }

    [Fact]
    public void The_best_weights_so_far_are_kept()
    {
        float[]? best = null;
        TrainingRun? running = null;
        using var run = running = new TrainingRun(
            new Recorder { AtValidation = v => { if (v.IsBest) best = running!.Student.Numbers(); } },
            p => p with
            {
                Objectives = [new(new LabelsObjective(), 1), new(new ScriptedObjective(asked => asked < 14 ? 0.01 : double.NaN), 1)],
                Validate = _ => new Dictionary<string, double> { ["accuracy"] = running!.Observer.Validations.Count == 0 ? 1 : 0 },
            });
        Assert.Throws<DivergedException>(() => run.Run());
        Assert.Equal(2, run.Observer.Validations.Count);
        Assert.Equal(best, run.Student.Numbers());
        Assert.False(run.Student.IsTraining);
    }

    [Fact]
    public void Weights_that_an_update_has_ruined_are_not_called_the_best()
    {
        // The loss of the only step is finite; at this rate the weights after it are not.
        using var run = new TrainingRun(change: p => TrainLoopTests.Plain(p) with
        {
            Batches = TinySource.OfSize(1, 6),
            LearningRate = 1e30,
            Objectives = [new(new LogitsMseObjective(), 1)],
            Validate = _ => new Dictionary<string, double> { ["accuracy"] = 1 },
        });
        var error = Assert.Throws<DivergedException>(() => run.Run());
        Assert.Contains("weights", error.Message);
        Assert.Empty(run.Observer.Validations);
    }

    [Fact]
    public void Gradients_that_are_not_finite_are_not_applied_where_they_are_clipped()
    {
        // √0 has slope ∞, and ∞·0 is NaN: a finite loss with gradients that are none.
        using var run = new TrainingRun(change: p => p with { Objectives = [new(new RootObjective(), 1)] });
        var before = run.Student.Numbers();
        var error = Assert.Throws<DivergedException>(() => run.Run());
        Assert.Contains("norm of the gradients", error.Message);
        Assert.Equal(before, run.Student.Numbers());
    }

    private sealed class RootObjective : IObjective
    {
        public string Kind => "root";

        public SignalKinds Needs => SignalKinds.None;

        public long Count(Batch batch) => batch.Size;

        public LossSum Compute(StudentOutput student, TeacherSignal? teacher, Batch batch) =>
            new((student.Logits * 0).Sqrt().Sum(), batch.Size);
    }
}
