// Distils a large network into a small one, with samples, networks and an objective that Decant has never seen.
using Decant.Data;
using Decant.Data.Batching;
using Decant.Modules;
using Decant.Runs.Distilling;
using Decant.Signals;
using Decant.Torch;
using Decant.Training.Optimizers;
using Decant.Training.Schedules;

var result = await Distiller.Create(() => new Net(2, 96, 96, 2), () => new Net(2, 24, 24, 2))
    .On(Spirals(2000, seed: 1), null, Spirals(1000, seed: 2))
    .WithLabels(30)                                              // what the student and its control may see
    .TrainTeacher(Settings)
    .With(new SameProbabilities())
    .Train(Settings)
    .WithControl()
    .SaveTo(args is [var folder, ..] ? folder : "runs/two-spirals")
    .RunAsync();
foreach (var arm in new[] { "teacher", "student", "control" })
    Console.WriteLine($"{arm}  {result.Figure(arm):P1}");
Console.WriteLine(result.Verdict);

static void Settings(Decant.Training.TrainingOptions o)
{
    (o.Epochs, o.Batch, o.Optimizer, o.Schedule) = (40, 100, new Adam { LearningRate = 0.01 }, new CosineDecay());
}

// Points on two spirals that wind around each other: not linearly separable.
static Dataset Spirals(int count, int seed)
{
    var random = new Random(seed);
    return Dataset.From("two spirals", Enumerable.Range(0, count).Select(i => Point(i % 2 == 1)));

    (SampleContent, string?) Point(bool second)
    {
        var turn = 0.5 + (2.5 * Math.Sqrt(random.NextDouble()));
        var angle = (turn * Math.PI) + (second ? Math.PI : 0);
        float[] point = [(float)(turn * Math.Cos(angle)) + Noise(), (float)(turn * Math.Sin(angle)) + Noise()];
        return (new VectorContent(point), second ? "second" : "first");
    }

    float Noise() => ((float)random.NextDouble() - 0.5f) * 0.3f;
}

/// <summary>Linear layers of the given widths, with a ReLU between two.</summary>
internal sealed class Net : Model
{
    private readonly ModuleList<Linear> _layers;

    public Net(params long[] widths)
    {
        _layers = RegisterModule("layers", new ModuleList<Linear>(widths.Zip(widths[1..], (inputs, outputs) => new Linear(inputs, outputs))));
        Classes = (int)widths[^1];
    }

    public override int Classes { get; }

    public override Tensor Forward(ModelInput input) =>
        _layers.Skip(1).Aggregate(_layers[0].Forward(input.Values), (hidden, layer) => layer.Forward(hidden.Relu()));   // [B, D] → [B, C]
}

/// <summary>Σ(p − q)²: the squared distance between the teacher's probabilities and the student's.</summary>
internal sealed class SameProbabilities : IObjective
{
    public string Kind => "same-probabilities";

    public SignalKinds Needs => SignalKinds.DenseLogits;

    public long Count(Batch batch) => batch.Size;       // every sample, labelled or not

    public LossSum Compute(StudentOutput student, TeacherSignal? teacher, Batch batch) =>
        new((((DenseLogits)teacher!).Logits.Softmax(-1) - student.Logits.Softmax(-1)).Square().Sum(), batch.Size);
}
