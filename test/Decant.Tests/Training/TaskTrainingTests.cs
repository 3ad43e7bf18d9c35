using Decant.Data;
using Decant.Data.Batching;
using Decant.Models.Configuration;
using Decant.Models.Mlp;
using Decant.Models.MultiTask;
using Decant.Modules;
using Decant.Objectives.Logits;
using Decant.Signals;
using Decant.Teachers;
using Decant.Torch;
using Decant.Training;
using Decant.Training.Optimizers;
using Decant.Training.Schedules;

namespace Decant.Tests.Training;

/// <summary>The training loop on batches of several tasks.</summary>
public sealed class TaskTrainingTests : IDisposable
{
    private readonly Dataset _first = Vectors(8, 3, "first");
    private readonly Dataset _second = Vectors(6, 2, "second");

    public void Dispose()
    {
        _first.Dispose();
        _second.Dispose();
    }

    [Fact]
    public void An_update_over_both_tasks_has_the_gradient_of_the_sum_of_their_means()
    {
        using var scope = TensorScope.Open();
        using var model = NewModel();
        // One update over everything: two batches of 4 of the one task, two of 3 of the other.
        var steps = Train(model, accumulate: 4, epochs: 1, out var before);
        Assert.Equal(1, steps);

        using var reference = NewModel();
        Assert.Equal(before, Numbers(reference));
        var loss = Mean(reference, _first, "first") + (Mean(reference, _second, "second") * 0.5);
        loss.Backward();
        using (Autograd.NoGrad())
        {
            foreach (var (_, parameter) in reference.NamedParameters())
                parameter.AddInPlace(parameter.Grad!, -0.1);
        }

        Assert.All(Numbers(reference).Zip(Numbers(model)), pair => Assert.Equal(pair.First, pair.Second, 1e-5));
    }

    [Fact]
    public void A_batch_of_one_task_moves_the_trunk_and_its_own_head_alone()
    {
        using var scope = TensorScope.Open();
        using var model = NewModel();
        var source = new Recorded(Sources());
        // The first update is of one task; the other's head must not have moved, not even by its decay.
        Train(model, accumulate: 1, epochs: 1, out _, source, steps: 1);
        var task = Assert.Single(source.Seen);
        using var fresh = NewModel();
        foreach (var name in model.Tasks)
        {
            Assert.NotEqual(Of(fresh, name, "layers.0.weight"), Of(model, name, "layers.0.weight"));
            Assert.Equal(name != task, Of(fresh, name, "layers.1.weight").SequenceEqual(Of(model, name, "layers.1.weight")));
        }
    }

    [Fact]
    public void Each_batch_is_answered_by_its_own_teacher()
    {
        using var scope = TensorScope.Open();
        CountingTeacher one = new(), two = new() { Offer = new(SignalKinds.DenseLogits, ["a", "b"]) };
        using var both = new TaskTeachers(new Dictionary<string, ITeacher> { ["first"] = one, ["second"] = two });
        Assert.Equal((SignalKinds.DenseLogits, 5), (both.Offer.Kinds, both.Offer.Outputs));
        foreach (var batch in Sources().Enumerate(0))
        {
            using (batch)
                both.Answer(batch);
        }

        Assert.Equal((2, 2), (one.Asked, two.Asked));
        using var lost = new VectorCollator().Collate([_first[0]], 0, 0);
        Assert.Contains("of the task 'none', and there are teachers for first, second", Assert.Throws<InvalidOperationException>(() => both.Answer(lost)).Message);
    }

    [Fact]
    public void An_objective_of_one_task_counts_and_sums_nothing_of_another()
    {
        using var scope = TensorScope.Open();
        var objective = TaskObjective.Of("first", new LabelsObjective());
        Assert.Equal("first/labels", objective.Kind);
        foreach (var batch in Sources().Enumerate(0))
        {
            using (batch)
            {
                var counted = objective.Compute(new StudentOutput(Tensor.Zeros([batch.Rows, 3])), null, batch);
                Assert.Equal(batch.Task == "first" ? batch.Rows : 0, counted.Count);
                Assert.Equal(counted.Count, objective.Count(batch));
                Assert.Equal(counted.Count * Math.Log(3), counted.Sum.Item(), 1e-4);
            }
        }
    }

    [Fact]
    public void What_an_objective_remembers_is_still_saved_and_restored()
    {
        using var scope = TensorScope.Open();
        var inner = new StatefulObjective();
        var objective = Assert.IsAssignableFrom<IStatefulObjective>(TaskObjective.Of("first", inner));
        Assert.Same(inner.State, objective.State);
        objective.Restore(new Dictionary<string, Tensor>());
        Assert.True(inner.WasRestored);
    }

    private long Train(MultiTaskModel model, int accumulate, int epochs, out float[] before, IBatchSource? batches = null, long? steps = null)
    {
        before = Numbers(model);
        using var optimizer = new SgdOptimizer(Optimizer.GroupByDecay(model.NamedParameters(), 0), new Sgd { LearningRate = 0.1 });
        using var loop = new TrainLoop(new TrainingPlan
        {
            Student = model,
            Objectives = [new(TaskObjective.Of("first", new LabelsObjective()), 1), new(TaskObjective.Of("second", new LabelsObjective()), 0.5)],
            Batches = batches ?? Sources(),
            Optimizer = optimizer,
            Schedule = new ConstantSchedule(100, new ConstantRate()),
            LearningRate = 0.1,
            Epochs = epochs,
            Steps = steps,
            Accumulate = accumulate,
        });
        return loop.Run().Steps;
    }

    private TaskBatchSource Sources() => new(
        [
            KeyValuePair.Create<string, IBatchSource>("first", new BatchSource(_first, new VectorCollator(), new BatchOptions { Size = 4, Prefetch = 0 })),
            KeyValuePair.Create<string, IBatchSource>("second", new BatchSource(_second, new VectorCollator(), new BatchOptions { Size = 3, Prefetch = 0 })),
        ],
        new TaskOrder(new TaskOrderOptions { Sizes = [2, 2], Seed = 3 }));

    private static MultiTaskModel NewModel()
    {
        using var generator = new Generator(5);
        var first = MlpClassifier.Create(new MlpOptions { Hidden = [7] }, new ModelContext { Classes = 3, SampleShape = [4] }, generator);
        var second = (((IConfigured)first).Config with { ClassNames = ["x", "y"] }).BuildOn(first, generator);
        return new MultiTaskModel([KeyValuePair.Create<string, Model>("first", first), KeyValuePair.Create("second", second)]);
    }

    private static Tensor Mean(MultiTaskModel model, Dataset data, string task)
    {
        using var batch = new VectorCollator().Collate([.. Enumerable.Range(0, data.Count).Select(i => data[i])], 0, 0);
        var logits = model.Of(task).Forward(batch.ToInput());
        return new LabelsObjective().Compute(new StudentOutput(logits), null, batch).Sum / (double)data.Count;
    }

    private static float[] Of(MultiTaskModel model, string task, string name) => model.Of(task).StateDict()[name].ToArray<float>();

    private static float[] Numbers(Module model) => [.. model.StateDict().SelectMany(s => s.Value.ToArray<float>())];

    private static Dataset Vectors(int count, int classes, string name)
    {
        var random = new Random(count);
        return Dataset.From(name, Enumerable.Range(0, count).Select(i =>
            ((SampleContent)new VectorContent(Enumerable.Range(0, 4).Select(_ => (float)random.NextDouble()).ToArray()), (string?)$"{i % classes}")));
    }

    private sealed class Recorded(IBatchSource source) : IBatchSource
    {
        public List<string?> Seen { get; } = [];

        public int BatchesPerEpoch => source.BatchesPerEpoch;

        public IEnumerable<Batch> Enumerate(int epoch, int firstBatch = 0, CancellationToken cancellationToken = default)
        {
            foreach (var batch in source.Enumerate(epoch, firstBatch, cancellationToken))
            {
                Seen.Add(batch.Task);
                yield return batch;
            }
        }
    }

    private sealed class StatefulObjective : IStatefulObjective
    {
        public string Kind => "stateful";

        public SignalKinds Needs => SignalKinds.None;

        public IReadOnlyDictionary<string, Tensor> State { get; } = new Dictionary<string, Tensor>();

        public bool WasRestored { get; private set; }

        public long Count(Batch batch) => 0;

        public LossSum Compute(StudentOutput student, TeacherSignal? teacher, Batch batch) => LossSum.Nothing();

        public void Restore(IReadOnlyDictionary<string, Tensor> state) => WasRestored = true;
    }
}
