using Decant.Objectives.Logits;
using Decant.Torch;
using Decant.Training;

namespace Decant.Tests.Training;

public class OwnershipTests
{
    [Fact]
    public void The_number_of_live_tensors_after_every_step_is_what_it_was_after_the_first()
    {
        var alive = new List<long>();
        using var run = new TrainingRun(
            new Recorder { AtStep = _ => alive.Add(Tensor.LiveCount) },
            p => p with { Batches = TinySource.OfSize(50, 4), Epochs = 4 });
        run.Run();
        Assert.Equal(100, alive.Count);
        Assert.All(alive, count => Assert.Equal(alive[0], count));
    }

    [Fact]
    public void Everything_is_released_with_its_owners()
    {
        var before = Tensor.LiveCount;
        using (var run = new TrainingRun())
            run.Run();
        Assert.Equal(before, Tensor.LiveCount);

        using var stop = new CancellationTokenSource();
        using (var run = new TrainingRun(new Recorder { AtStep = s => { if (s.Step == 8) stop.Cancel(); } }))
        {
            run.Run(cancellationToken: stop.Token);
            run.Loop.Capture().Dispose();
        }

        Assert.Equal(before, Tensor.LiveCount);
    }

    [Fact]
    public void Batches_and_epochs_are_released_when_all_goes_well()
    {
        using var run = new TrainingRun();
        run.Run();
        AllReleased(run, given: 20);
    }

    [Fact]
    public void They_are_released_when_a_batch_cannot_be_read()
    {
        using var run = new TrainingRun(change: p => p with { Batches = new TinySource([0, 1, 2, 0, 1, 2], 2, 1, 1, 2) { BreaksAt = 3 } });
        Assert.Throws<IOException>(() => run.Run());
        AllReleased(run, given: 4);
        Assert.Equal(1, Assert.Single(run.Observer.Steps).Step);
    }

    [Fact]
    public void They_are_released_when_the_loss_diverges()
    {
        using var run = new TrainingRun(change: p => p with { Objectives = [new(new ScriptedObjective(_ => double.NaN), 1)] });
        Assert.Throws<DivergedException>(() => run.Run());
        AllReleased(run, given: 2);
    }

    [Fact]
    public void They_are_released_when_the_observer_throws_and_when_it_is_interrupted()
    {
        using var thrown = new TrainingRun(new Recorder { AtStep = _ => throw new InvalidOperationException("the report cannot be written") });
        Assert.Throws<InvalidOperationException>(() => thrown.Run());
        AllReleased(thrown, given: 2);

        using var stop = new CancellationTokenSource();
        using var interrupted = new TrainingRun(new Recorder { AtStep = _ => stop.Cancel() });
        interrupted.Run(cancellationToken: stop.Token);
        AllReleased(interrupted, given: 2);
    }

    [Fact]
    public void An_exception_leaves_no_tensors_but_those_of_the_owners()
    {
        using (var warm = new TrainingRun())
            warm.Run();
        using var run = new TrainingRun(change: p => p with { Objectives = [new(new LabelsObjective(), 1), new(new ScriptedObjective(asked => asked < 3 ? 1 : throw new IOException("gone")), 1)] });
        var before = Tensor.LiveCount;
        Assert.Throws<IOException>(() => run.Run());
        Assert.Equal(before + 12, Tensor.LiveCount);    // Adam's two states of four parameters, and the copy of the last good weights
    }

    [Fact]
    public void No_gradient_is_left_on_the_student()
    {
        using var scope = TensorScope.Open();
        using var run = new TrainingRun();
        run.Run();
        Assert.All(run.Student.NamedParameters(), p => Assert.Null(p.Value.Grad));
    }

    private static void AllReleased(TrainingRun run, int given)
    {
        var source = (TinySource)run.Plan.Batches;
        Assert.Equal(given, source.Given);
        Assert.Equal(0, source.AliveBatches);
        Assert.Equal(0, source.OpenEpochs);
    }
}
