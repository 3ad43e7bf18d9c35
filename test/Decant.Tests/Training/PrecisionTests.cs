using Decant.Data;
using Decant.Data.Batching;
using Decant.Modules;
using Decant.Objectives.Logits;
using Decant.Signals;
using Decant.Tests.Models;
using Decant.Torch;
using Decant.Training;
using Decant.Training.Optimizers;
using Decant.Training.Schedules;

namespace Decant.Tests.Training;

/// <summary>Training whose forward passes compute in bfloat16.</summary>
public sealed class PrecisionTests
{
    [Fact]
    public void A_small_model_comes_to_about_the_same_loss_in_bfloat16_and_its_linear_layers_really_computed_in_it()
    {
        var (whole, wholeTypes) = Train(DType.Float32);
        var (half, halfTypes) = Train(DType.BFloat16);
        Assert.Equal(DType.Float32, Assert.Single(wholeTypes.Distinct()));
        Assert.Equal(DType.BFloat16, Assert.Single(halfTypes.Distinct()));
        var (began, ended, endedInHalf) = (whole[..3].Average(), whole[^3..].Average(), half[^3..].Average());
        Assert.True(ended < 0.8 * began, $"from {began} to {ended}");
        Assert.InRange(endedInHalf, 0.95 * ended, 1.05 * ended);
        Assert.NotEqual(whole, half);
    }

    [Fact]
    public void The_same_training_gives_the_same_weights_in_bfloat16_too() => Assert.Equal(Train(DType.BFloat16).Losses, Train(DType.BFloat16).Losses);

    [Fact]
    public void Weights_losses_and_the_optimizers_state_stay_float32()
    {
        using var run = new TrainingRun(change: plan => plan with { Precision = DType.BFloat16 });
        run.Run();
        Assert.All(run.Student.StateDict().Values, weight => Assert.Equal(DType.Float32, weight.DType));
        using var snapshot = run.Loop.Capture();
        Assert.All(snapshot.Tensors.Where(t => t.Value.DType.IsFloatingPoint()), t => Assert.Equal(DType.Float32, t.Value.DType));
    }

    [Theory]
    [MemberData(nameof(Zoo.All), MemberType = typeof(Zoo))]
    public void Every_family_goes_there_and_back_in_bfloat16(string name)
    {
        using var scope = TensorScope.Open();
        using var model = Zoo.Create(name);
        model.RequireGrad(true);
        model.Train();
        Tensor logits;
        // oneDNN in libtorch 1.13 leaves parts of a weight's gradient unwritten where a convolution with a stride reads an image of one pixel, in PyTorch too: images that are not shrunk so far.
        using var generator = new Generator(4);
        var input = name.StartsWith("imagenet", StringComparison.Ordinal) ? new ModelInput(Tensor.Randn([4, 3, 40, 40], generator)) : Zoo.Input(name);
        using (Autocast.Begin(DType.BFloat16, DeviceKind.Cpu)) logits = model.Forward(input);
        logits.To(DType.Float32).Square().Sum().Backward();
        foreach (var (path, parameter) in model.NamedParameters())
        {
            if (parameter.Grad is not { } gradient)
                continue;
            Assert.Equal(DType.Float32, gradient.DType);
            Assert.All(gradient.Reshape(-1).ToArray<float>(), g => Assert.True(float.IsFinite(g), path));
        }
    }

    [Fact]
    public void The_logits_of_a_large_vocabulary_may_be_made_in_bfloat16_some_rows_at_a_time()
    {
        using var scope = TensorScope.Open();
        using var model = new TinyLanguageModel(300, width: 12, seed: 1, bias: true);
        var random = new Random(3);
        using var batch = new Batch(
            Tensor.From(Enumerable.Range(0, 80).Select(_ => (long)random.Next(300)).ToArray(), 2, 40), Tensor.From(Enumerable.Range(0, 80).Select(_ => (long)random.Next(300)).ToArray()), 80,
            [new SampleId(1), new SampleId(2)], positions: Tensor.Arange(0, 80));
        (double Loss, float[] Gradient, DType Type) Share(DType precision, long part)
        {
            model.ZeroGrad();
            using var lesson = new TaughtBatch(new Batch(batch.Values.Clone(), batch.Labels.Clone(), 80, batch.Ids, positions: batch.Positions!.Clone()));
            var seen = new SeenLogits();
            var loss = new UpdateLoss(NamedObjective.From([new(seen, 1)]), [lesson]);
            var share = loss.Share(loss.Of(batch), model.States(batch.ToInput()), model.Head, null, batch, scope, part, precision);
            share.Backward();
            return (share.Detach().Item(), model.Head.Weight.Grad!.Reshape(-1).ToArray<float>(), seen.Type);
        }

        var whole = Share(DType.Float32, 300 * 80);
        foreach (var part in new[] { 300 * 80L, 300 * 9L })
        {
            var half = Share(DType.BFloat16, part);
            Assert.Equal(DType.BFloat16, half.Type);
            Assert.Equal(whole.Loss, half.Loss, 0.01 * whole.Loss);
            var largest = whole.Gradient.Max(Math.Abs);
            Assert.All(whole.Gradient.Zip(half.Gradient), pair => Assert.InRange(pair.Second, pair.First - (0.03f * largest), pair.First + (0.03f * largest)));
        }
    }

    [Fact]
    public void What_cannot_be_computed_in_bfloat16_is_refused_before_anything_is_trained()
    {
        using var student = new NeedsFloat32();
        using var optimizer = new SgdOptimizer(Optimizer.GroupByDecay(student.NamedParameters(), 0), new Sgd { LearningRate = 0.1 });
        using var loop = new TrainLoop(Plan(student, optimizer, DType.BFloat16));
        using var batch = TinySource.OfSize(1, 4).Enumerate(0).Single();
        var error = Assert.Throws<DecantException>(() => loop.DryRun(batch));
        Assert.Contains("'needs-float32' cannot be trained in bfloat16 on cpu", error.Message);
        Assert.Contains("precision: float32", error.Message);
        Assert.Contains("Float16 would need", Assert.Throws<DecantException>(() => new TrainLoop(Plan(student, optimizer, DType.Float16))).Message);
    }

    private static (List<double> Losses, List<DType> Types) Train(DType precision)
    {
        using var student = new Probed();
        using var optimizer = new AdamOptimizer(Optimizer.GroupByDecay(student.NamedParameters(), 0), new Adam { LearningRate = 0.02 });
        var recorder = new Recorder();
        using var loop = new TrainLoop(Plan(student, optimizer, precision), recorder);
        loop.Run();
        return ([.. recorder.Steps.Select(s => s.Loss)], student.Types);
    }

    private static TrainingPlan Plan(Model student, Optimizer optimizer, DType precision) => new()
    {
        Student = student,
        Objectives = [new(new LabelsObjective(), 1)],
        Batches = TinySource.OfSize(3, 12),
        Optimizer = optimizer,
        Schedule = new ConstantSchedule(180, new ConstantRate()),
        LearningRate = 0.02,
        Epochs = 60,
        Precision = precision,
    };

    /// <summary>Two linear layers that tell what they computed in.</summary>
    private sealed class Probed : Model
    {
        private readonly Tensor _in, _out;

        public Probed()
        {
            using var generator = new Generator(3);
            _in = RegisterParameter("in", Tensor.Randn([24, 3], generator));
            _out = RegisterParameter("out", Tensor.Randn([3, 24], generator) * 0.2);
        }

        public List<DType> Types { get; } = [];

        public override string Kind => "probed";

        public override int Classes => 3;

        public override Tensor Forward(ModelInput input)
        {
            var hidden = Functional.Linear(input.Values, _in);
            var logits = Functional.Linear(hidden.Relu(), _out);
            Types.AddRange([hidden.DType, logits.DType]);
            return logits;
        }

        public override long FlopsPerSample(ReadOnlySpan<long> sampleShape) => 0;
    }

    private sealed class NeedsFloat32 : Model
    {
        private readonly Tensor _weight;

        public NeedsFloat32() => _weight = RegisterParameter("weight", Tensor.Ones([3, 3]));

        public override string Kind => "needs-float32";

        public override int Classes => 3;

        public override Tensor Forward(ModelInput input)
        {
            var answer = Functional.Linear(input.Values, _weight);
            var copy = Tensor.Zeros(answer.Shape);
            return copy.ScatterAdd(-1, Tensor.Zeros(answer.Shape, DType.Int64), answer); // of one dtype only
        }

        public override long FlopsPerSample(ReadOnlySpan<long> sampleShape) => 0;
    }

    /// <summary>The labels' cross-entropy, which tells what the logits came in.</summary>
    private sealed class SeenLogits : IObjective
    {
        private readonly LabelsObjective _labels = new();

        public DType Type { get; private set; }

        public string Kind => "labels";

        public SignalKinds Needs => SignalKinds.None;

        public bool IsRowwise => true;

        public long Count(Batch batch) => _labels.Count(batch);

        public LossSum Compute(StudentOutput student, TeacherSignal? teacher, Batch batch)
        {
            Type = student.Logits.DType;
            return _labels.Compute(student, teacher, batch);
        }
    }
}
