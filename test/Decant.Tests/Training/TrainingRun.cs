using Decant.Objectives.Logits;
using Decant.Torch;
using Decant.Training;
using Decant.Training.Checkpoints;
using Decant.Training.Optimizers;
using Decant.Training.Schedules;

namespace Decant.Tests.Training;

/// <summary>A student with dropout, Adam with momentum and decay, accumulation and clipping, on shuffled batches: all that a resume must bring back.</summary>
internal sealed class TrainingRun : IDisposable
{
    private readonly CountingTeacher _teacher = new();
    private readonly Optimizer _first;

    public TrainingRun(Recorder? observer = null, Func<TrainingPlan, TrainingPlan>? change = null, double dropout = 0.3)
    {
        Student = new TinyModel(dropout: dropout);
        Observer = observer ?? new Recorder();
        _first = new AdamOptimizer(Optimizer.GroupByDecay(Student.NamedParameters(), 0.01), new AdamW { LearningRate = 0.05 });
        var plan = new TrainingPlan
        {
            Student = Student,
            Teacher = _teacher,
            Objectives = [new(new SoftTargetsObjective(), 0.7), new(new LabelsObjective(), 0.3)],
            Batches = new TinySource([.. Enumerable.Range(0, 22).Select(i => i % 4 == 3 ? -100L : i % 3)], 4, 5, 3, 4, 6) { Shuffle = true },
            Optimizer = _first,
            Schedule = new PlateauSchedule(new PlateauDecay { WarmUp = 0.2, Patience = 0 }),
            LearningRate = 0.05,
            Epochs = 4,
            Accumulate = 2,
            ClipNorm = 1,
            L1 = 1e-4,
            Validate = _ => new Dictionary<string, double> { ["accuracy"] = Score() },
        };
        Plan = change is null ? plan : change(plan);
        Loop = new TrainLoop(Plan, Observer);
    }

    public TinyModel Student { get; }

    public Recorder Observer { get; }

    public TrainingPlan Plan { get; }

    public TrainLoop Loop { get; }

    public CountingTeacher Teacher => _teacher;

    /// <summary>Seeds libtorch's generator and runs to the end.</summary>
    public TrainingResult Run(TrainingSnapshot? from = null, ulong seed = 11, CancellationToken cancellationToken = default)
    {
        using var generator = Generator.Default();
        generator.Seed(seed);
        return Loop.Run(from, cancellationToken);
    }

    public void Dispose()
    {
        Loop.Dispose();
        Plan.Optimizer.Dispose();
        _first.Dispose();
        Student.Dispose();
    }

    /// <summary>A score that depends on the weights and goes up and down.</summary>
    private double Score() => Math.Sin(100 * Student.Numbers().Sum());
}
