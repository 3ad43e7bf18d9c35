using Decant.Data.Batching;
using Decant.Signals;
using Decant.Tests.Runs.Reports;
using Decant.Torch;
using Decant.Training;
using Decant.Training.Checkpoints;
using Decant.Training.Optimizers;
using Decant.Training.Schedules;

namespace Decant.Tests.Training.Checkpoints;

/// <summary>A training that writes checkpoints while it runs, and one that goes on from them.</summary>
public sealed class CheckpointWriterTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    public static TheoryData<string, string> EveryOptimizerAndSchedule { get; } = new()
    {
        { "sgd", "plateau" }, { "momentum", "plateau" }, { "nesterov", "plateau" }, { "adam", "plateau" }, { "adamw", "plateau" }, { "rmsprop", "plateau" },
        { "rmsprop-momentum", "plateau" }, { "adamw", "constant" }, { "adamw", "linear" }, { "momentum", "cosine" }, { "rmsprop", "step" },
    };

    [Theory]
    [MemberData(nameof(EveryOptimizerAndSchedule))]
    public void Stopped_after_any_step_and_read_from_the_disk_it_goes_on_to_the_same_bits(string optimizer, string schedule)
    {
        using var whole = new TrainingRun(change: p => Plan(p, optimizer, schedule));
        var expected = whole.Run();
        for (var step = 1; step <= expected.Steps; step++)
        {
            var store = new CheckpointStore(Path.Combine(_folder.Path, $"{optimizer}-{schedule}-{step}"));
            using var stop = new CancellationTokenSource();
            using var first = new TrainingRun(new Recorder { AtStep = s => { if (s.Step == step) stop.Cancel(); } }, p => Plan(p, optimizer, schedule));
            Assert.Equal(StopReason.Interrupted, first.Run(cancellationToken: stop.Token).Reason);
            using (var snapshot = first.Loop.Capture())
                store.Write(snapshot);

            using var found = store.Newest().Found!;
            using var second = new TrainingRun(change: p => Plan(p, optimizer, schedule));
            var result = second.Run(found.Snapshot, seed: 999);
            Assert.Equal(whole.Student.Numbers(), second.Student.Numbers());
            Assert.Equal((expected.Steps, expected.BestStep, expected.Reason), (result.Steps, result.BestStep, result.Reason));
            Assert.Equal(expected.BestScores, result.BestScores);
            first.Plan.Optimizer.Dispose();
        }
    }

    [Fact]
    public void Every_so_many_steps_one_is_written_beside_the_training_and_leads_to_the_same_bits()
    {
        using var whole = new TrainingRun();
        whole.Run();
        var store = new CheckpointStore(_folder.Path, keep: 100);
        using var checkpoints = new CheckpointWriter(store, new CheckpointOptions { EverySteps = 3, EverySeconds = 1e6 });
        // Waiting at each update makes sure that none is left out since the last is still being written.
        using var watched = new TrainingRun(new Recorder { AtStep = _ => checkpoints.Wait() });
        using (var loop = new TrainLoop(watched.Plan, watched.Observer, checkpoints))
            Seeded(loop);
        checkpoints.Wait();
        Assert.Equal(whole.Student.Numbers(), watched.Student.Numbers());
        Assert.Equal(["000001-step-3", "000002-step-6", "000003-step-9", "000004-step-12"], store.All.Select(Path.GetFileName));
        while (store.Newest().Found is { } found)
        {
            using (found)
            {
                using var second = new TrainingRun();
                second.Run(found.Snapshot, seed: 5);
                Assert.Equal(whole.Student.Numbers(), second.Student.Numbers());
            }

            Directory.Delete(found.Path, recursive: true);
        }
    }

    [Fact]
    public void So_many_seconds_after_the_last_the_next_is_written()
    {
        var clock = new StandingClock(DateTimeOffset.UnixEpoch);
        var store = new CheckpointStore(_folder.Path, keep: 100);
        using var checkpoints = new CheckpointWriter(store, new CheckpointOptions { EverySeconds = 60 }, clock);
        using var run = new TrainingRun(new Recorder { AtStep = _ => { clock.Now += TimeSpan.FromSeconds(25); checkpoints.Wait(); } });
        using (var loop = new TrainLoop(run.Plan, run.Observer, checkpoints))
            Seeded(loop);
        checkpoints.Wait();
        Assert.Equal([3, 6, 9, 12], store.All.Select(p => int.Parse(p.Split("step-")[1])));
    }

    [Fact]
    public void A_fault_of_the_writing_is_told_the_training_goes_on_and_the_next_time_is_tried_again()
    {
        var disk = new BreakingDisk();
        var store = new CheckpointStore(_folder.Path, 100, disk);
        var faults = new List<string>();
        var thread = Environment.CurrentManagedThreadId;
        using var checkpoints = new CheckpointWriter(store, new CheckpointOptions { EverySteps = 2 })
        {
            OnFault = fault =>
            {
                Assert.Equal(thread, Environment.CurrentManagedThreadId);
                faults.Add(fault.Message);
            },
        };
        using var whole = new TrainingRun();
        whole.Run();
        using var run = new TrainingRun(new Recorder { AtStep = s => { checkpoints.Wait(); disk.IsFull = s.Step is 4 or 5 or 6; } });
        using (var loop = new TrainLoop(run.Plan, run.Observer, checkpoints))
            Seeded(loop);
        checkpoints.Wait();
        Assert.Equal(2, faults.Count);
        Assert.All(faults, f => Assert.Contains("No space left on device", f));
        Assert.Equal([2, 8, 10, 12], store.All.Select(p => int.Parse(p.Split("step-")[1])));
        Assert.Equal(whole.Student.Numbers(), run.Student.Numbers());
    }

    [Fact]
    public void Without_anybody_to_tell_a_fault_stops_the_training()
    {
        using var checkpoints = new CheckpointWriter(new CheckpointStore(_folder.Path, 1, new BreakingDisk { IsFull = true }), new CheckpointOptions { EverySteps = 1 });
        using var run = new TrainingRun(new Recorder { AtStep = _ => checkpoints.Wait() });
        using var loop = new TrainLoop(run.Plan, run.Observer, checkpoints);
        Assert.Contains("No space left", Assert.Throws<DecantException>(() => Seeded(loop)).Message);
    }

    [Fact]
    public void While_one_is_being_written_the_training_goes_on_and_none_is_taken()
    {
        using var begun = new ManualResetEventSlim();
        using var mayGoOn = new ManualResetEventSlim();
        var store = new CheckpointStore(_folder.Path, keep: 100);
        using var checkpoints = new CheckpointWriter(store, new CheckpointOptions { EverySteps = 1 })
        {
            Before = () => { begun.Set(); mayGoOn.Wait(TimeSpan.FromSeconds(30)); },
        };
        var steps = 0;
        using var run = new TrainingRun(new Recorder { AtStep = s => { steps++; if (s.Step == 2) Assert.True(begun.Wait(TimeSpan.FromSeconds(30))); if (s.Step == 12) mayGoOn.Set(); } });
        using (var loop = new TrainLoop(run.Plan, run.Observer, checkpoints))
            Seeded(loop);
        checkpoints.Wait();
        Assert.Equal(12, steps);
        Assert.Equal("000001-step-1", Path.GetFileName(store.All[0]));
        Assert.InRange(store.All.Count, 1, 2);
    }

    [Fact]
    public void Asked_for_one_of_now_it_is_there_and_not_written_twice()
    {
        var store = new CheckpointStore(_folder.Path, keep: 100);
        using var checkpoints = new CheckpointWriter(store) { Attach = () => new Dictionary<string, string> { ["a"] = "b" } };
        using var stop = new CancellationTokenSource();
        using var run = new TrainingRun(new Recorder { AtStep = s => { if (s.Step == 5) stop.Cancel(); } });
        using var loop = new TrainLoop(run.Plan, run.Observer, checkpoints);
        Seeded(loop, stop.Token);
        var path = checkpoints.Write(loop);
        Assert.Equal(path, checkpoints.Write(loop));
        Assert.Equal([path], store.All);
        using var found = store.Newest().Found!;
        Assert.Equal((5L, "b"), (found.Snapshot.Position.Step, found.Attached["a"]));
    }

    [Fact]
    public void What_an_objective_remembers_comes_back_too()
    {
        using var objective = new RememberingObjective();
        using var whole = new TrainingRun(change: p => p with { Objectives = [new(objective, 1)] });
        whole.Run();
        for (var step = 1; step < 12; step++)
        {
            var store = new CheckpointStore(Path.Combine(_folder.Path, $"{step}"));
            using var stop = new CancellationTokenSource();
            using var before = new RememberingObjective();
            using var first = new TrainingRun(new Recorder { AtStep = s => { if (s.Step == step) stop.Cancel(); } }, p => p with { Objectives = [new(before, 1)] });
            first.Run(cancellationToken: stop.Token);
            using (var snapshot = first.Loop.Capture())
                store.Write(snapshot);
            using var found = store.Newest().Found!;
            Assert.Contains("objective.remembering.mean", found.Snapshot.Tensors.Keys);
            using var after = new RememberingObjective();
            using var second = new TrainingRun(change: p => p with { Objectives = [new(after, 1)] });
            second.Run(found.Snapshot);
            Assert.Equal(whole.Student.Numbers(), second.Student.Numbers());

            using var without = new TrainingRun();
            Assert.Contains("the state 'objective.remembering.mean', and no objective of this training is its own", Assert.Throws<DecantException>(() => without.Run(found.Snapshot)).Message);
        }
    }

    [Theory]
    [InlineData("momentum", "plateau", "the optimizer 'AdamW', and this training has 'Sgd'")]
    [InlineData("adam", "plateau", "the optimizer 'AdamW', and this training has 'Adam'")]
    [InlineData("adamw", "cosine", "the schedule 'PlateauSchedule', and this training has 'CosineSchedule'")]
    public void A_checkpoint_of_another_optimizer_or_schedule_is_refused_and_nothing_is_changed(string optimizer, string schedule, string said)
    {
        using var first = new TrainingRun();
        first.Run();
        using var snapshot = first.Loop.Capture();
        using var second = new TrainingRun(change: p => Plan(p, optimizer, schedule));
        var before = second.Student.Numbers();
        Assert.Contains(said, Assert.Throws<DecantException>(() => second.Run(snapshot)).Message);
        Assert.Equal(before, second.Student.Numbers());
    }

    [Fact]
    public void A_checkpoint_of_another_device_is_refused()
    {
        using var first = new TrainingRun();
        first.Run();
        using var snapshot = first.Loop.Capture();
        using var elsewhere = snapshot with { Position = snapshot.Position with { Device = "cuda:0" } };
        using var second = new TrainingRun();
        Assert.Contains("the device 'cuda:0', and this training has 'cpu'", Assert.Throws<DecantException>(() => second.Run(elsewhere)).Message);
    }

    private static void Seeded(TrainLoop loop, CancellationToken cancellationToken = default)
    {
        using var generator = Generator.Default();
        generator.Seed(11);
        loop.Run(cancellationToken: cancellationToken);
    }

    private static TrainingPlan Plan(TrainingPlan plan, string optimizer, string schedule)
    {
        var groups = Optimizer.GroupByDecay(plan.Student.NamedParameters(), 0.01);
        return plan with
        {
            Patience = 3,
            Optimizer = optimizer switch
            {
                "sgd" => new SgdOptimizer(groups, new Sgd { LearningRate = 0.05 }),
                "momentum" => new SgdOptimizer(groups, new Sgd { LearningRate = 0.05, Momentum = 0.9 }),
                "nesterov" => new SgdOptimizer(groups, new Sgd { LearningRate = 0.05, Momentum = 0.9, Nesterov = true }),
                "adam" => new AdamOptimizer(groups, new Adam { LearningRate = 0.05 }),
                "adamw" => new AdamOptimizer(groups, new AdamW { LearningRate = 0.05 }),
                "rmsprop" => new RmsPropOptimizer(groups, new RmsProp { LearningRate = 0.05 }),
                _ => new RmsPropOptimizer(groups, new RmsProp { LearningRate = 0.05, Momentum = 0.9 }),
            },
            Schedule = schedule switch
            {
                "constant" => new ConstantSchedule(12, new ConstantRate()),
                "linear" => new LinearSchedule(12, new LinearDecay { WarmUp = 0.2 }),
                "cosine" => new CosineSchedule(12, new CosineDecay { WarmUp = 0.2 }),
                "step" => new StepSchedule(12, new StepDecay { At = [0.4, 0.8] }),
                _ => new PlateauSchedule(12, new PlateauDecay { WarmUp = 0.2, Patience = 0 }),
            },
        };
    }

    /// <summary>The logits times the running mean of their sizes, which the next update needs.</summary>
    private sealed class RememberingObjective : IStatefulObjective, IDisposable
    {
        private readonly Tensor _mean = TensorScope.Own(Tensor.Ones([1]));

        public string Kind => "remembering";

        public SignalKinds Needs => SignalKinds.None;

        public IReadOnlyDictionary<string, Tensor> State => new Dictionary<string, Tensor> { ["mean"] = _mean };

        public long Count(Batch batch) => batch.Size;

        public LossSum Compute(StudentOutput student, TeacherSignal? teacher, Batch batch)
        {
            using (Autograd.NoGrad())
                _mean.CopyInPlace(_mean * 0.9 + student.Logits.Detach().Abs().Mean() * 0.1);
            return new LossSum((student.Logits * _mean.Clone()).Sum(), batch.Size);
        }

        public void Restore(IReadOnlyDictionary<string, Tensor> state) => _mean.CopyInPlace(state["mean"]);

        public void Dispose() => _mean.Dispose();
    }
}
