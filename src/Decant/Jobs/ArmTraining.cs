using Decant.Data;
using Decant.Evaluation;
using Decant.Export;
using Decant.Modules;
using Decant.Recipes;
using Decant.Reports;
using Decant.Signals;
using Decant.Training;

namespace Decant.Jobs;

/// <summary>One arm of a run: who is trained, on what, by what, for how long.</summary>
internal sealed record Arm
{
    public required string Name { get; init; }
    public required long Seed { get; init; }
    public required ulong Purpose { get; init; }
    public required Model Model { get; init; }
    public ITeacher? Teacher { get; init; }
    public required FitSection Fit { get; init; }
    public required IReadOnlyList<Choice> Objectives { get; init; }
    public bool Convex { get; init; }
    public required Dataset Samples { get; init; }

    /// <summary>The number of samples that sets how many batches an epoch has; those of <see cref="Samples"/> unless said.</summary>
    public Dataset? EpochOf { get; init; }

    /// <summary>Epochs instead of the section's own.</summary>
    public int? Epochs { get; init; }
}

/// <summary>Trains an arm and tells the run's log.</summary>
internal sealed class ArmTraining(Catalog catalog, PreparedData data, RunLog log, RunFolder folder)
{
    /// <summary>Trains to the end; the model then has its best weights.</summary>
    /// <exception cref="OperationCanceledException">Cancelled: a checkpoint of everything was written before.</exception>
    public TrainingResult Run(Arm arm, CancellationToken cancellationToken)
    {
        var (batches, epochs) = Batches(arm);
        var steps = TrainLoop.StepsPerEpoch(batches, arm.Fit.Accumulate) * epochs;
        var options = (OptimizerOptions)arm.Fit.Optimizer.Options;
        arm.Model.RequireGrad(true);
        using var optimizer = catalog.CreateOptimizer(arm.Fit.Optimizer, Optimizer.GroupByDecay(arm.Model.NamedParameters(), options.WeightDecay, options.DecayAll));
        var objectives = Objectives(arm);
        log.Write(new ArmStarted { Arm = arm.Name, Seed = arm.Seed, Epochs = epochs, Steps = steps, Objectives = Describe(objectives) });

        var metric = Metric.Find(arm.Fit.EarlyStopping?.Metric ?? arm.Fit.BestBy ?? "accuracy");
        var plan = new TrainingPlan
        {
            Student = arm.Model,
            Teacher = arm.Teacher,
            Objectives = objectives,
            Batches = batches,
            Optimizer = optimizer,
            Schedule = catalog.CreateSchedule(arm.Fit.Schedule, steps),
            LearningRate = options.LearningRate,
            Epochs = epochs,
            Accumulate = arm.Fit.Accumulate,
            ClipNorm = arm.Fit.ClipNorm,
            L1 = arm.Fit.L1,
            Validate = data.Validation is null ? null : token => Scores(arm.Model, token),
            BestBy = new Selection(metric.Name, !metric.HigherIsBetter),
            Patience = arm.Fit.EarlyStopping?.Patience,
        };
        Seeding.Start(arm.Seed, arm.Purpose);
        using var loop = new TrainLoop(plan, new ArmObserver(log, arm.Name, arm.Seed, steps));
        var result = Train(loop, arm, cancellationToken);
        log.Write(new ArmFinished
        {
            Arm = arm.Name,
            Seed = arm.Seed,
            Seconds = result.Elapsed.TotalSeconds,
            BestStep = result.BestStep,
            BestMetric = result.BestScores?.GetValueOrDefault(metric.Name),
            MetricName = result.BestScores is null ? null : metric.Name,
            Stopped = Words(result.Reason),
        });
        foreach (var disposable in objectives.Select(o => o.Objective).OfType<IDisposable>())
            disposable.Dispose();
        return result;
    }

    private TrainingResult Train(TrainLoop loop, Arm arm, CancellationToken cancellationToken)
    {
        var where = folder.Checkpoint(arm.Name, arm.Seed);
        TrainingResult result;
        try
        {
            result = loop.Run(cancellationToken: cancellationToken);
        }
        catch (DivergedException error)
        {
            // The loop has put the best weights back.
            Directory.CreateDirectory(where);
            var file = Path.Combine(where, "best.safetensors");
            SafetensorsWriter.Write(file, arm.Model.StateDict());
            log.Note($"The {arm.Name} of seed {arm.Seed} diverged. {error.Message} They are in {file}.");
            throw new DecantException($"The {arm.Name} diverged. {error.Message} They are in {file}.", ExitCodes.Diverged, error);
        }

        if (result.Reason != StopReason.Interrupted)
            return result;
        using var snapshot = loop.Capture();
        CheckpointFolder.Write(where, snapshot);
        log.Note($"Stopped after step {result.Steps} of the {arm.Name}; everything so far is in {where}.");
        throw new OperationCanceledException($"Stopped after step {result.Steps} of the {arm.Name}. A checkpoint is in {where}.", cancellationToken);
    }

    private (IBatchSource Batches, int Epochs) Batches(Arm arm)
    {
        var source = data.Batches(arm.Samples, arm.Fit, Seeding.For(arm.Seed, arm.Purpose));
        var perEpoch = arm.EpochOf is { } other && other.Count != arm.Samples.Count
            ? (other.Count + arm.Fit.Batch - 1) / arm.Fit.Batch
            : source.BatchesPerEpoch;
        var epochs = arm.Epochs ?? arm.Fit.Epochs;
        if (epochs is null)
        {
            // A number of steps: as many whole epochs as come nearest, stretched or shortened to give that number together.
            var batches = (long)arm.Fit.Steps!.Value * arm.Fit.Accumulate;
            epochs = (int)Math.Max(1, Math.Round((double)batches / perEpoch));
            perEpoch = (int)Math.Ceiling((double)batches / epochs.Value);
        }

        return (perEpoch == source.BatchesPerEpoch ? source : new CycledBatchSource(source, perEpoch), epochs.Value);
    }

    private IReadOnlyList<WeightedObjective> Objectives(Arm arm)
    {
        var objectives = arm.Objectives.Select(c => new WeightedObjective(catalog.CreateObjective(c), c.Weight() ?? 1)).ToArray();
        return arm.Convex ? WeightedObjective.Convex(objectives) : objectives;
    }

    private Dictionary<string, double> Scores(Model model, CancellationToken cancellationToken)
    {
        var predictions = Predictor.Predict(model, data.Once(data.Validation!), cancellationToken);
        var scores = new Dictionary<string, double>();
        foreach (var metric in Metric.All)
        {
            if (metric.Compute(predictions) is { } value)
                scores[metric.Name] = value;
        }

        return scores;
    }

    private static string Describe(IReadOnlyList<WeightedObjective> objectives) =>
        string.Join(" + ", objectives.Select(o => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{o.Weight:0.###} · {o.Objective.Kind}")));

    private static string Words(StopReason reason) => reason == StopReason.EarlyStopping ? "the validation metric had stopped improving" : "all epochs were done";
}
