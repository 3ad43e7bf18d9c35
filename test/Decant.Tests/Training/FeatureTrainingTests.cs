using Decant.Data;
using Decant.Data.Batching;
using Decant.Modules;
using Decant.Signals;
using Decant.Teachers.Local;
using Decant.Tests.Models;
using Decant.Torch;
using Decant.Training;
using Decant.Training.Checkpoints;
using Decant.Training.Optimizers;
using Decant.Training.Schedules;

namespace Decant.Tests.Training;

/// <summary>Objectives that read inner values, and have weights of their own, in the loop.</summary>
public class FeatureTrainingTests
{
    [Fact]
    public void A_projection_learns_with_the_student_and_is_none_of_its_weights()
    {
        using var run = new Run();
        var before = run.Objective.Numbers();
        var result = run.Train();
        Assert.Equal(6, result.Steps);
        Assert.NotEqual(before, run.Objective.Numbers());
        Assert.DoesNotContain(run.Student.StateDict().Keys, k => k.Contains("projection", StringComparison.Ordinal));
        Assert.True(run.Losses[^1] < run.Losses[0], $"{run.Losses[0]} → {run.Losses[^1]}");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void Interrupted_it_goes_on_to_the_same_bits_projection_included(int step)
    {
        using var whole = new Run();
        whole.Train();

        using var stop = new CancellationTokenSource();
        using var first = new Run(s => { if (s.Step == step) stop.Cancel(); });
        Assert.Equal(StopReason.Interrupted, first.Train(cancellationToken: stop.Token).Reason);
        using var snapshot = first.Loop.Capture();
        Assert.Contains(snapshot.Tensors.Keys, k => k == "trained.projected.projection.weight");
        using var second = new Run();
        second.Train(snapshot);
        Assert.Equal(whole.Objective.Numbers(), second.Objective.Numbers());
        Assert.Equal(Numbers(whole.Student), Numbers(second.Student));
    }

    [Fact]
    public void A_snapshot_with_a_projection_is_refused_where_no_objective_has_one()
    {
        using var stop = new CancellationTokenSource();
        using var first = new Run(s => { if (s.Step == 1) stop.Cancel(); });
        first.Train(cancellationToken: stop.Token);
        using var snapshot = first.Loop.Capture();
        using var other = new Run(change: plan => plan with { Objectives = [new(new Decant.Objectives.Logits.LabelsObjective(), 1)] });
        var error = Assert.Throws<DecantException>(() => other.Train(snapshot));
        Assert.Contains("trained.projected.projection", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_teacher_shows_nothing_any_more_when_the_loop_is_gone()
    {
        using var scope = TensorScope.Open();
        using var run = new Run();
        using var batch = Run.Batches().Enumerate(0).First();
        Assert.Equal(["layers.0"], run.Teacher.Answer(batch).Features.Keys);
        run.Loop.Dispose();
        Assert.Empty(run.Teacher.Answer(batch).Features);
    }

    [Fact]
    public void Features_asked_of_a_teacher_that_gives_only_logits_are_a_fault_before_the_first_step()
    {
        using var counting = new CountingTeacher();
        var error = Assert.Throws<DecantException>(() => new Run(change: plan => plan with { Teacher = counting }));
        Assert.Contains("projected needs Features of the teacher, which gives DenseLogits only", error.Message, StringComparison.Ordinal);
        Assert.Contains("'layers.0' was asked of it", Assert.Throws<DecantException>(() => FeatureMap.None("The teacher").ShapeOf("layers.0")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_map_of_features_says_which_path_is_a_group_which_never_ran_and_which_is_unknown()
    {
        using var model = Zoo.Create("encoder");
        using var tokens = new Batch(Tensor.From(new long[] { 3, 4 }, 1, 2), Tensor.From(new long[] { 0 }), 1, [new SampleId(1)]);
        var map = FeatureMap.Of("The student", model, tokens);
        Assert.True(model.IsTraining);
        Assert.Equal([1L, 2L, 16L], map.ShapeOf(map.Layers.Outputs[0]));
        Assert.Contains("is a group", Assert.Throws<DecantException>(() => map.ShapeOf("bert.encoder")).Message, StringComparison.Ordinal);
        Assert.Contains("did not run", Assert.Throws<DecantException>(() => map.ShapeOf("bert.embeddings.position_embeddings")).Message, StringComparison.Ordinal);
        Assert.Contains("near it", Assert.Throws<DecantException>(() => map.ShapeOf("bert.encoder.layer.9")).Message, StringComparison.Ordinal);
    }

    private static float[] Numbers(Module module) => [.. module.StateDict().SelectMany(s => s.Value.ToArray<float>())];

    /// <summary>Two MLPs of different widths, the student's hidden layer projected to the teacher's.</summary>
    private sealed class Run : IDisposable
    {
        private readonly Recorder _recorder;

        public Run(Action<StepReport>? atStep = null, Func<TrainingPlan, TrainingPlan>? change = null)
        {
            _recorder = new Recorder { AtStep = step => { Losses.Add(step.Loss); atStep?.Invoke(step); } };
            using var generator = new Generator(5);
            var context = new Decant.Models.Configuration.ModelContext { Classes = 3, SampleShape = [3] };
            Student = Decant.Models.Mlp.MlpClassifier.Create(new() { Hidden = [4], Dropout = 0.2 }, context, generator);
            Teacher = new LocalTeacher(Decant.Models.Mlp.MlpClassifier.Create(new() { Hidden = [7] }, context, generator), ["a", "b", "c"]);
            Objective = new ProjectedObjective(4, 7, generator);
            var plan = new TrainingPlan
            {
                Student = Student,
                Teacher = Teacher,
                Objectives = [new(Objective, 1), new(new Decant.Objectives.Logits.SoftTargetsObjective(), 1)],
                Batches = Batches(),
                Optimizer = new AdamOptimizer(
                    Optimizer.GroupByDecay(Student.NamedParameters().Concat(Objective.Trained.NamedParameters()), 0.01), new AdamW { LearningRate = 0.05 }),
                Schedule = new ConstantSchedule(6, new ConstantRate()),
                LearningRate = 0.05,
                Epochs = 3,
                ClipNorm = 1,
            };
            Loop = new TrainLoop(change is null ? plan : change(plan), _recorder);
        }

        public List<double> Losses { get; } = [];

        public Model Student { get; }

        public LocalTeacher Teacher { get; }

        public ProjectedObjective Objective { get; }

        public TrainLoop Loop { get; }

        public static TinySource Batches() => new([0, 1, 2, 0, 1, 2, 0, 1], 4, 4) { Shuffle = true };

        public TrainingResult Train(TrainingSnapshot? from = null, CancellationToken cancellationToken = default)
        {
            using var generator = Generator.Default();
            generator.Seed(3);
            return Loop.Run(from, cancellationToken);
        }

        public void Dispose()
        {
            Loop.Dispose();
            Teacher.Dispose();
            Student.Dispose();
            Objective.Dispose();
        }
    }

    /// <summary>Squared difference between the projected hidden layer of the student and the teacher's.</summary>
    private sealed class ProjectedObjective(long from, long to, Generator generator) : IFeatureObjective, ITrainedObjective, IDisposable
    {
        private readonly Holder _holder = new(from, to, generator);

        public string Kind => "projected";

        public SignalKinds Needs => SignalKinds.Features;

        public bool ReadsLogits => false;

        public IReadOnlyList<string> StudentFeatures => ["layers.0"];

        public IReadOnlyList<string> TeacherFeatures => ["layers.0"];

        public Module Trained => _holder;

        public long Count(Batch batch) => batch.Size;

        public LossSum Compute(StudentOutput student, TeacherSignal? teacher, Batch batch)
        {
            Assert.False(teacher!.Features["layers.0"].RequiresGrad);
            return new((_holder.Projection.Forward(student.Features["layers.0"]) - teacher.Features["layers.0"]).Square().Sum(), batch.Size);
        }

        public float[] Numbers() => FeatureTrainingTests.Numbers(_holder);

        public void Dispose() => _holder.Dispose();

        private sealed class Holder : Module
        {
            public Holder(long from, long to, Generator generator) => Projection = RegisterModule("projection", new Linear(from, to, generator: generator));

            public Linear Projection { get; }
        }
    }
}
