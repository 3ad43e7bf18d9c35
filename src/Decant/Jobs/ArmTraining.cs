using Decant.Export;
using Decant.Reports;
using Decant.Training;

namespace Decant.Jobs;

/// <summary>Trains an arm and tells the run's log.</summary>
internal sealed class ArmTraining(Catalog catalog, PreparedData data, RunLog log, RunFolder folder)
{
    /// <summary>Trains to the end; the model then has its best weights.</summary>
    /// <exception cref="OperationCanceledException">Cancelled: a checkpoint of everything was written before.</exception>
    public void Run(Arm arm, CancellationToken cancellationToken)
    {
        using var plan = new ArmPlan(catalog, data, arm);
        log.Write(new ArmStarted { Arm = arm.Name, Seed = arm.Seed, Epochs = arm.Budget.Epochs, Steps = arm.Budget.Steps, Objectives = plan.Words });
        Seeding.Start(arm.Seed, arm.Purpose);
        using var loop = new TrainLoop(plan.Plan, new ArmObserver(log, arm.Name, arm.Seed, arm.Budget.Steps));
        var result = Train(loop, arm, cancellationToken);
        log.Write(new ArmFinished
        {
            Arm = arm.Name,
            Seed = arm.Seed,
            Seconds = result.Elapsed.TotalSeconds,
            BestStep = result.BestStep,
            BestMetric = result.BestScores?.GetValueOrDefault(plan.Metric.Name),
            MetricName = result.BestScores is null ? null : plan.Metric.Name,
            Stopped = Words(result.Reason),
        });
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
            var message = $"The {arm.Name} of seed {arm.Seed} diverged. {error.Message} They are in {file}.";
            log.Note(message);
            throw new DecantException(message, ExitCodes.Diverged, error);
        }

        if (result.Reason != StopReason.Interrupted)
            return result;
        using var snapshot = loop.Capture();
        CheckpointFolder.Write(where, snapshot);
        log.Note($"Stopped after step {result.Steps} of the {arm.Name}; everything so far is in {where}.");
        throw new OperationCanceledException($"Stopped after step {result.Steps} of the {arm.Name}. A checkpoint is in {where}.", cancellationToken);
    }

    private static string Words(StopReason reason) => reason == StopReason.EarlyStopping ? "the validation metric had stopped improving" : "all epochs were done";
}
