using Decant.Data;
using Decant.Data.Batching;
using Decant.Modules;
using Decant.Objectives.Logits;
using Decant.Signals;
using Decant.Teachers.Local;
using Decant.Tests.Models;
using Decant.Tests.Signals;
using Decant.Torch;
using Decant.Training;
using Decant.Training.Checkpoints;
using Decant.Training.Optimizers;
using Decant.Training.Schedules;

namespace Decant.Tests.Training;

/// <summary>A teacher that answers ahead changes when the work is done, and nothing else.</summary>
public class OverlapTests
{
    [Theory]
    [InlineData("textcnn", "encoder")]      // ragged texts, dropout
    [InlineData("lstm", "encoder-mean")]
    [InlineData("cnn", "resnet")]
    [InlineData("resnet", "resnet-conv")]   // batch norm on both sides
    [InlineData("resnet-wide", "resnet")]   // batch norm and dropout
    public void The_student_is_the_same_to_the_last_bit_overlapped_in_turn_and_gone_on_with_in_mid_epoch(string student, string teacher)
    {
        var expected = Trained(student, teacher, "1");
        Assert.Equal(expected, Trained(student, teacher, "1+1"));
        Assert.Equal(expected, Trained(student, teacher, "1+1", stopAt: 2, then: "1+1"));
        Assert.Equal(expected, Trained(student, teacher, "1+1", stopAt: 4, then: "1"));
        Assert.Equal(expected, Trained(student, teacher, "1", stopAt: 1, then: "1+1"));
        if (student != "resnet") // which has no dropout: nothing in it is drawn
            Assert.NotEqual(expected, Trained(student, teacher, "1", seed: 6));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(12)]
    public void A_teacher_that_fails_ends_the_training_with_its_own_words_and_leaves_nothing(int at) => LeavesNothing(run =>
    {
        Assert.Equal("no idea", Assert.Throws<InvalidDataException>(() => run.Run()).Message);
        Assert.Equal(at / 4, run.Observer.Steps.Count);
    }, p => p with { Teacher = new CountedFailure(at), Batches = TinySource.OfSize(8, 4), Accumulate = 4 });

    [Fact]
    public void A_source_that_fails_ends_the_training_with_its_own_words_and_leaves_nothing() => LeavesNothing(
        run => Assert.Equal("the disk is gone", Assert.Throws<IOException>(() => run.Run()).Message),
        p => p with { Batches = new TinySource([.. Enumerable.Repeat(1L, 12)], 3, 3, 3, 3) { BreaksAt = 5 } });

    [Fact]
    public void An_observer_that_fails_ends_the_training_and_leaves_nothing() => LeavesNothing(
        run => Assert.Throws<IOException>(() => run.Run()), p => p, new Recorder { AtStep = s => { if (s.Step == 2) throw new IOException(); } });

    [Fact]
    public void Cancelled_while_the_teacher_answers_it_stops_after_an_update_and_goes_on_to_the_same_bits()
    {
        using var whole = new TrainingRun(change: Overlapped);
        whole.Run();
        using var stop = new CancellationTokenSource();
        TrainingSnapshot? taken = null;
        LeavesNothing(run =>
        {
            Assert.Equal(StopReason.Interrupted, run.Run(cancellationToken: stop.Token).Reason);
            Assert.InRange(run.Observer.Steps.Count, 1, 11);
            using var snapshot = taken = run.Loop.Capture();
            using var second = new TrainingRun(change: Overlapped);
            second.Run(snapshot, seed: 999);
            Assert.Equal(whole.Student.Numbers(), second.Student.Numbers());
        }, p => p with { Teacher = new CountedFailure(9) { Instead = stop.Cancel } });
        Assert.NotNull(taken);
    }

    [Fact]
    public void Nobody_asks_about_a_batch_in_which_no_objective_that_needs_a_teacher_counts_anything()
    {
        var teacher = new CountingTeacher();
        using var run = new TrainingRun(change: p => Overlapped(p) with
        {
            Teacher = teacher,
            Objectives = [new(new WhereLabelled(), 1), new(new ScriptedObjective(_ => 1), 1)],
            Batches = new TinySource([-100, -100, 0, 1, -100, -100, 2, -100], 2, 2, 2, 2),
            Epochs = 3,
        });
        run.Run();
        Assert.Equal(6, teacher.Asked);
    }

    [Fact]
    public void The_student_keeps_its_threads_and_the_process_gets_its_own_back()
    {
        var before = Runtime.Threads;
        var seen = new List<int>();
        var teacher = new ScriptedTeacher(_ => { });
        using (var run = new TrainingRun(new Recorder { AtStep = _ => seen.Add(Runtime.Threads) }, p => p with { Cores = new(1, 2), Teacher = teacher, Batches = TinySource.OfSize(6, 4) }))
            run.Run();
        Assert.NotEmpty(seen);
        Assert.All(seen, n => Assert.Equal(1, n));
        Assert.All(teacher.CoresSeen, n => Assert.Equal(2, n));
        Assert.Equal(before, Runtime.Threads);
    }

    private static TrainingPlan Overlapped(TrainingPlan plan) => plan with { Cores = new(1, 1) };

    private static void LeavesNothing(Action<TrainingRun> act, Func<TrainingPlan, TrainingPlan> change, Recorder? observer = null)
    {
        var before = Tensor.LiveCount;
        TinySource source;
        using (var run = new TrainingRun(observer, p => change(Overlapped(p))))
        {
            act(run);
            source = (TinySource)run.Plan.Batches;
        }

        Assert.Equal((0, 0), (source.AliveBatches, source.OpenEpochs));
        Assert.Equal(before, Tensor.LiveCount);
    }

    /// <summary>Every number of the student after two epochs with accumulated batches, perhaps stopped and gone on with.</summary>
    private static float[] Trained(string student, string teacher, string cores, int? stopAt = null, string? then = null, ulong seed = 5)
    {
        using var stop = new CancellationTokenSource();
        using var first = new ZooTraining(student, teacher, cores, new Recorder { AtStep = s => { if (s.Step == stopAt) stop.Cancel(); } });
        var result = first.Run(null, seed, stop.Token);
        if (then is null)
            return first.Numbers();
        Assert.Equal((StopReason.Interrupted, stopAt), (result.Reason, (int?)result.Steps));
        using var snapshot = first.Loop.Capture();
        using var second = new ZooTraining(student, teacher, then, new Recorder());
        second.Run(snapshot, seed: 999, default);
        return second.Numbers();
    }

    private sealed class ZooTraining : IDisposable
    {
        private readonly Model _student;
        private readonly LocalTeacher _teacher;
        private readonly SgdOptimizer _optimizer;

        public ZooTraining(string student, string teacher, string cores, Recorder observer)
        {
            _student = Zoo.Create(student, seed: 1);
            _teacher = new LocalTeacher(Zoo.Create(teacher, seed: 2), ["a", "b", "c"]);
            _optimizer = new SgdOptimizer(Optimizer.GroupByDecay(_student.NamedParameters(), 0), new Sgd { LearningRate = 0.05, Momentum = 0.9 });
            Loop = new TrainLoop(new TrainingPlan
            {
                Student = _student,
                Teacher = _teacher,
                Cores = ThreadAllocation.Parse(cores),
                Objectives = [new(new SoftTargetsObjective(), 0.7), new(new LabelsObjective(), 0.3)],
                Batches = new ZooSource(student),
                Optimizer = _optimizer,
                Schedule = new ConstantSchedule(6, new ConstantRate()),
                LearningRate = 0.05,
                Epochs = 2,
                Accumulate = 2,
            }, observer);
        }

        public TrainLoop Loop { get; }

        public TrainingResult Run(TrainingSnapshot? from, ulong seed, CancellationToken cancellationToken)
        {
            using (var generator = Generator.Default())
                generator.Seed(seed);
            return Loop.Run(from, cancellationToken);
        }

        public float[] Numbers() => [.. _student.StateDict().Where(s => s.Value.DType == DType.Float32).SelectMany(s => s.Value.ToArray<float>())];

        public void Dispose()
        {
            Loop.Dispose();
            _optimizer.Dispose();
            _teacher.Dispose();
            _student.Dispose();
        }
    }

    /// <summary>Five batches to an epoch; texts of a batch differ in length, and batches in width.</summary>
    private sealed class ZooSource(string model) : IBatchSource
    {
        public int BatchesPerEpoch => 5;

        public IEnumerable<Batch> Enumerate(int epoch, int firstBatch = 0, CancellationToken cancellationToken = default)
        {
            for (var b = firstBatch; b < BatchesPerEpoch; b++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                var input = Zoo.Input(model, width: 9 + b, seed: (ulong)(100 * epoch + b + 1));
                yield return new Batch(input.Values, Tensor.From([0L, 1, Batch.NoLabel, 2]), 3, [.. Enumerable.Range(4 * b, 4).Select(i => new SampleId((ulong)i))], input.AttentionMask);
            }
        }
    }

    private sealed class CountedFailure(int at) : ITeacher
    {
        private int _asked;

        public Action Instead { get; init; } = () => throw new InvalidDataException("no idea");

        public TeacherOffer Offer { get; } = new(SignalKinds.DenseLogits, ["a", "b", "c"]);

        public TeacherSignal Answer(Batch batch, CancellationToken cancellationToken = default)
        {
            var answer = new DenseLogits(batch.Values * 2);
            if (_asked++ == at)
                Instead();
            return answer;
        }

        public void Dispose()
        {
        }
    }

    private sealed class WhereLabelled : IObjective
    {
        public string Kind => "where-labelled";

        public SignalKinds Needs => SignalKinds.DenseLogits;

        public long Count(Batch batch) => batch.LabelledCount;

        public LossSum Compute(StudentOutput student, TeacherSignal? teacher, Batch batch) =>
            new((student.Logits - ((DenseLogits)teacher!).Logits).Square().Sum(), batch.LabelledCount);
    }
}
