using System.Text.Json;
using Decant.Compression.Pruning;
using Decant.Models;
using Decant.Models.Configuration;
using Decant.Models.Mlp;
using Decant.Modules;
using Decant.Objectives.Logits;
using Decant.Tests.Training;
using Decant.Torch;
using Decant.Training;
using Decant.Training.Checkpoints;
using Decant.Training.Optimizers;
using Decant.Training.Schedules;

namespace Decant.Tests.Compression.Pruning;

/// <summary>Magnitude pruning while a student is trained.</summary>
public class WeightPrunerTests
{
    [Theory]
    [InlineData(0, 0, 0)]
    [InlineData(2, 0, 0)]
    [InlineData(4, 1.0 / 3, 0.56296)]
    [InlineData(5, 0.5, 0.7)]
    [InlineData(8, 1, 0.8)]
    [InlineData(10, 1, 0.8)]
    public void The_sparsity_rises_as_one_minus_the_cube_of_what_is_left(long step, double progress, double sparsity)
    {
        var schedule = new SparsitySchedule(new PruningOptions { Sparsity = 0.8, Begin = 0.2, End = 0.8 });
        Assert.Equal(progress, schedule.Progress(step, 10), 1e-9);
        Assert.Equal(sparsity, schedule.At(step, 10), 1e-5);
        Assert.Equal(step >= 8, schedule.IsComplete(step, 10));
        Assert.Equal(step is > 2 and <= 8, schedule.IsDue(step, 10));
    }

    [Fact]
    public void Masks_are_renewed_at_most_a_hundred_times_and_at_the_end()
    {
        var schedule = new SparsitySchedule(new PruningOptions { Sparsity = 0.8, End = 0.7 });
        var due = Enumerable.Range(1, 100_000).Where(step => schedule.IsDue(step, 100_000)).ToArray();
        Assert.Equal(100, due.Length);
        Assert.Equal(70_000, due[^1]);
        Assert.Equal(Enumerable.Range(1, 3), Enumerable.Range(1, 3).Where(step => new SparsitySchedule(new PruningOptions { Sparsity = 0.5, End = 1 }).IsDue(step, 3)));
    }

    [Fact]
    public void Exactly_so_many_of_the_smallest_are_found_and_of_equal_ones_the_first()
    {
        using var scope = TensorScope.Open();
        var sizes = Tensor.From([3f, 0, 1, 1, 2, 1, 0, 5]);
        Assert.Equal([], Chosen(SmallestWeights.Of(sizes, 0)));
        Assert.Equal([1], Chosen(SmallestWeights.Of(sizes, 1)));
        Assert.Equal([1, 2, 3, 6], Chosen(SmallestWeights.Of(sizes, 4)));
        Assert.Equal([1, 2, 3, 5, 6], Chosen(SmallestWeights.Of(sizes, 5)));
        Assert.Equal([0, 1, 2, 3, 4, 5, 6, 7], Chosen(SmallestWeights.Of(sizes, 8)));
        Assert.Equal([1, 2, 5, 6], Chosen(SmallestWeights.OfFour(sizes.View(2, 4), 2)));
        Assert.Equal([1, 6], Chosen(SmallestWeights.OfFour(sizes.View(2, 4), 1)));

        static int[] Chosen(Tensor mask) => [.. mask.Flatten().ToArray<bool>().Index().Where(m => m.Item).Select(m => m.Index)];
    }

    [Fact]
    public void Each_layer_or_all_together_lose_their_smallest_weights_and_biases_stay()
    {
        using var scope = TensorScope.Open();
        using var model = Mlp();
        var (first, second) = (Weight(model, 0), Weight(model, 1));
        using (Autograd.NoGrad())
        {
            first.CopyInPlace(Tensor.Arange(1, 25).To(DType.Float32).View(8, 3));
            second.CopyInPlace(Tensor.Arange(1, 25).To(DType.Float32).Mul(-100).View(3, 8));
            Bias(model, 0).FillInPlace(0.001);
        }

        using var perLayer = new WeightPruner(model, new PruningOptions { Sparsity = 0.25 });
        perLayer.AfterUpdate(7, 10);
        Assert.Equal(Enumerable.Range(1, 24).Select(i => i <= 6 ? 0f : i), first.ToArray<float>());
        Assert.Equal(Enumerable.Range(1, 24).Select(i => i <= 6 ? 0f : -100f * i), second.ToArray<float>());
        Assert.All(second.ToArray<float>().Take(6), zero => Assert.False(float.IsNegative(zero), "a zero has a sign"));
        Assert.All(Bias(model, 0).ToArray<float>(), b => Assert.Equal(0.001f, b));

        using var all = new WeightPruner(model, new PruningOptions { Sparsity = 0.5, Scope = PruningScope.Global });
        all.AfterUpdate(7, 10);
        Assert.Equal(18, first.ToArray<float>().Count(w => w == 0)); // the 12 zeros, and the 12 smallest
        Assert.Equal(6, second.ToArray<float>().Count(w => w == 0));
    }

    [Fact]
    public void The_weights_that_stay_are_those_of_PyTorch()
    {
        using var document = JsonDocument.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Golden", "pruning.json")));
        Assert.Equal(3, document.RootElement.GetArrayLength());
        foreach (var known in document.RootElement.EnumerateArray())
        {
            foreach (var scope in Enum.GetValues<PruningScope>())
            {
                using var tensors = TensorScope.Open();
                using var model = Mlp();
                using var noGrad = Autograd.NoGrad();
                for (var i = 0; i < 2; i++)
                    Weight(model, i).CopyInPlace(Tensor.From([.. known.GetProperty("weights")[i].EnumerateArray().Select(w => w.GetSingle())], Weight(model, i).Shape));
                using var pruner = new WeightPruner(model, new PruningOptions { Sparsity = known.GetProperty("sparsity").GetDouble(), Scope = scope });
                pruner.AfterUpdate(7, 10);
                for (var i = 0; i < 2; i++)
                    Assert.Equal(known.GetProperty(scope == PruningScope.Layer ? "layer" : "global")[i].EnumerateArray().Select(k => k.GetBoolean()), Weight(model, i).ToArray<float>().Select(w => w != 0));
            }
        }
    }

    [Fact]
    public void Two_of_four_inputs_stay()
    {
        using var scope = TensorScope.Open();
        using var model = Mlp(inputs: 8);
        using var pruner = new WeightPruner(model, new PruningOptions { Sparsity = 0.5, Pattern = SparsityPattern.TwoOfFour });
        pruner.AfterUpdate(7, 10);
        Assert.All(Weight(model, 0).ToArray<float>().Chunk(4), four => Assert.Equal(2, four.Count(w => w == 0)));
        using var odd = Mlp();
        var said = Assert.Throws<DecantException>(() => new WeightPruner(odd, new PruningOptions { Sparsity = 0.5, Pattern = SparsityPattern.TwoOfFour })).Message;
        Assert.Contains("2:4 takes four inputs of a matrix at a time, and '", said);
        Assert.Contains("is of [8, 3]", said);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void What_is_pruned_stays_0_through_momentum_and_the_sparsity_is_reached(bool adam)
    {
        var before = new HashSet<int>();
        PrunedRun? running = null;
        using var run = running = new PrunedRun(adam, new Recorder
        {
            AtStep = _ =>
            {
                var zeros = running!.Zeros();
                Assert.True(before.IsSubsetOf(zeros), "a pruned weight came back");
                before = zeros;
            },
        });
        run.Run();
        Assert.Equal(2 * 18, before.Count); // three quarters of 24, twice
        Assert.Equal(before, run.Zeros());
    }

    [Fact]
    public void The_best_weights_are_those_of_a_student_that_is_as_sparse_as_it_is_to_be()
    {
        var score = 1.0;
        using var run = new PrunedRun(true, change: p => p with { Patience = 1, Validate = _ => new Dictionary<string, double> { ["accuracy"] = score /= 2 } });
        var result = run.Run();
        // The scores fall from the first validation on, and pruning ends with the third epoch of four.
        Assert.Equal((StopReason.Completed, 9L), (result.Reason, result.BestStep));
        Assert.Equal([false, false, true, false], run.Observer.Validations.Select(v => v.IsBest));
        Assert.Equal(36, run.Zeros().Count);
    }

    public static TheoryData<int> EveryStep => [.. Enumerable.Range(1, 12)];

    [Theory, MemberData(nameof(EveryStep))]
    public void Interrupted_after_any_update_it_goes_on_to_the_same_bits(int step)
    {
        using var whole = new PrunedRun(true);
        whole.Run();
        using var stop = new CancellationTokenSource();
        using var first = new PrunedRun(true, new Recorder { AtStep = s => { if (s.Step == step) stop.Cancel(); } });
        first.Run(cancellationToken: stop.Token);
        using var snapshot = first.Loop.Capture();
        using var second = new PrunedRun(true);
        second.Run(snapshot, seed: 999);
        Assert.Equal(whole.Numbers(), second.Numbers());
        Assert.Equal(whole.Observer.Steps.Skip(step).Select(s => s.Loss), second.Observer.Steps.Select(s => s.Loss));
        using var without = new PrunedRun(true, change: p => p with { Masks = null });
        if (step > 1)
            Assert.Contains("was written with pruning, and this training has none", Assert.Throws<DecantException>(() => without.Run(snapshot)).Message);
    }

    [Fact]
    public void A_live_weight_that_happens_to_be_0_is_live_in_a_resumed_training()
    {
        using var scope = TensorScope.Open();
        using var model = Mlp();
        using var pruner = new WeightPruner(model, new PruningOptions { Sparsity = 0.5, Begin = 0.5, End = 0.9 });
        pruner.AfterUpdate(6, 10);
        using (Autograd.NoGrad())
            Weight(model, 0).ZeroInPlace();
        using var resumed = new WeightPruner(model, new PruningOptions { Sparsity = 0.5, Begin = 0.5, End = 0.9 });
        resumed.Restore(pruner.State);
        Weight(model, 0).Square().Sum().Add(Weight(model, 0).Sum()).Backward();
        resumed.MaskGradients();
        var live = Weight(model, 0).Grad!.ToArray<float>().Count(g => g != 0);
        Assert.InRange(live, 12, 23); // not all of them, and more than none
        Assert.Contains("this training prunes no such weight", Assert.Throws<DecantException>(() => resumed.Restore(new Dictionary<string, Tensor> { ["else"] = Tensor.Zeros([1], DType.Bool) })).Message);
    }

    [Theory]
    [InlineData(1.0, 0, 0.7, "sparsity: a sparsity is above 0 and below 1; 1 came")]
    [InlineData(-0.5, 0, 0.7, "sparsity: a sparsity is above 0 and below 1; -0.5 came")]
    [InlineData(double.NaN, 0, 0.7, "sparsity: a sparsity is above 0 and below 1; NaN came")]
    [InlineData(0.5, 0.8, 0.7, "end: pruning begins at 0.8 of the training and is to be finished at 0.7")]
    [InlineData(0.5, 0, 1.2, "begin and end are progress from 0 to 1")]
    public void Options_that_do_not_go_together_are_told(double sparsity, double begin, double end, string said)
    {
        using var model = Mlp();
        Assert.Contains(said, Assert.Throws<DecantException>(() => new WeightPruner(model, new PruningOptions { Sparsity = sparsity, Begin = begin, End = end })).Message);
    }

    [Fact]
    public void Frozen_weights_and_embeddings_are_left_alone()
    {
        using var bert = PrunedTransformers.Make("bert");
        Assert.Contains("has no trained weights of linear, convolutional or LSTM layers to prune", Assert.Throws<DecantException>(() => new WeightPruner(bert, new PruningOptions { Sparsity = 0.5 })).Message);
        bert.RequireGrad(true);
        using var pruner = new WeightPruner(bert, new PruningOptions { Sparsity = 0.5 });
        pruner.AfterUpdate(1, 1);
        Assert.DoesNotContain(pruner.State.Keys, name => name.Contains("embeddings", StringComparison.Ordinal) || name.EndsWith("bias", StringComparison.Ordinal) || name.Contains("LayerNorm", StringComparison.Ordinal));
        Assert.Equal((2 * 6) + 2, pruner.State.Count); // six matrices in each layer, pooler and classifier
    }

    private static Model Mlp(int inputs = 3)
    {
        using var generator = new Generator(3);
        return ModelFamilies.All.Single(f => f.Kind == "mlp").Create(new MlpOptions { Hidden = [8] }, new ModelContext { Classes = 3, SampleShape = [inputs] }, generator);
    }

    private static Tensor Weight(Model model, int index) => model.NamedParameters().Where(p => p.Value.Dimensions == 2).ElementAt(index).Value;

    private static Tensor Bias(Model model, int index) => model.NamedParameters().Where(p => p.Value.Dimensions == 1).ElementAt(index).Value;

    /// <summary>A network that loses three quarters of its weights by the ninth of twelve updates.</summary>
    private sealed class PrunedRun : IDisposable
    {
        private readonly CountingTeacher _teacher = new();
        private readonly WeightPruner _pruner;
        private readonly Optimizer _optimizer;

        public PrunedRun(bool adam, Recorder? observer = null, Func<TrainingPlan, TrainingPlan>? change = null)
        {
            Student = Mlp();
            Observer = observer ?? new Recorder();
            var groups = Optimizer.GroupByDecay(Student.NamedParameters(), 0.01);
            _optimizer = adam ? new AdamOptimizer(groups, new AdamW { LearningRate = 0.05 }) : new SgdOptimizer(groups, new Sgd { LearningRate = 0.1, Momentum = 0.9 });
            _pruner = new WeightPruner(Student, new PruningOptions { Sparsity = 0.75, End = 0.75 });
            var plan = new TrainingPlan
            {
                Student = Student,
                Teacher = _teacher,
                Masks = _pruner,
                Objectives = [new(new SoftTargetsObjective(), 0.7), new(new LabelsObjective(), 0.3)],
                Batches = new TinySource([.. Enumerable.Range(0, 22).Select(i => i % 4 == 3 ? -100L : i % 3)], 4, 5, 3, 4, 6) { Shuffle = true },
                Optimizer = _optimizer,
                Schedule = new ConstantSchedule(new ConstantRate()),
                Epochs = 4,
                Accumulate = 2,
                ClipNorm = 1,
                Validate = _ => new Dictionary<string, double> { ["accuracy"] = Math.Sin(100 * Numbers().Sum()) },
            };
            Loop = new TrainLoop(change is null ? plan : change(plan), Observer);
        }

        public Model Student { get; }

        public Recorder Observer { get; }

        public TrainLoop Loop { get; }

        public TrainingResult Run(TrainingSnapshot? from = null, ulong seed = 11, CancellationToken cancellationToken = default)
        {
            using var generator = Generator.Default();
            generator.Seed(seed);
            return Loop.Run(from, cancellationToken);
        }

        public float[] Numbers() => [.. Student.StateDict().SelectMany(s => s.Value.ToArray<float>())];

        public HashSet<int> Zeros() => [.. Weight(Student, 0).ToArray<float>().Concat(Weight(Student, 1).ToArray<float>()).Index().Where(w => w.Item == 0).Select(w => w.Index)];

        public void Dispose()
        {
            Loop.Dispose();
            _pruner.Dispose();
            _optimizer.Dispose();
            Student.Dispose();
        }
    }
}
