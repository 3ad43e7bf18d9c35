using Decant.Export.Safetensors;
using Decant.Runs.Planning;
using Decant.Runs.Preparing;
using Decant.Runs.Reports.Record;
using Decant.Training;
using Decant.Training.Checkpoints;

namespace Decant.Runs.Running;

/// <summary>Trains an arm, or what is left of it, and reports to the run's log.</summary>
internal sealed class ArmTraining(Catalog catalog, PreparedData data, RunSession session, CheckpointOptions section)
{
    /// <summary>Trains to the end; the model then has its best weights.</summary>
    /// <exception cref="OperationCanceledException">Cancelled: a checkpoint of everything was written before, or the message says why not.</exception>
    public void Run(Arm arm, CancellationToken cancellationToken)
    {
        using var plan = new ArmPlan(catalog, data, arm) { Log = session.Log.For(arm.Task) };
        Run(arm, plan, cancellationToken);
    }

    /// <summary>The same of an arm with a plan at hand.</summary>
    public void Run(TrainedArm arm, IArmPlan plan, CancellationToken cancellationToken)
    {
        var log = session.Log.For(arm.Task);
        using var from = session.TakeCheckpoint(arm.Key, arm.Seed);
        // One that goes on has begun in the record already.
        if (from is null)
            log.Write(new ArmStarted { Arm = arm.Name, Seed = arm.Seed, Epochs = arm.Budget.Epochs, Steps = arm.Budget.Steps, Objectives = plan.Words, Stage = (arm as Arm)?.Stage });
        Seeding.Start(arm.Seed, arm.Purpose);
        using var checkpoints = session.Checkpoints(arm.Key, arm.Seed, section);
        using var loop = new TrainLoop(plan.Plan, new ArmObserver(log, arm.Name, arm.Seed, arm.Budget.Steps), checkpoints);
        var result = Train(loop, arm, from, checkpoints, cancellationToken);
        log.Write(new ArmFinished
        {
            Arm = arm.Name,
            Seed = arm.Seed,
            Seconds = result.Elapsed.TotalSeconds,
            BestStep = result.BestStep,
            BestMetric = result.BestScores?.GetValueOrDefault(plan.MetricName),
            MetricName = result.BestScores is null ? null : plan.MetricName,
            Stopped = Words(result.Reason),
        });
    }

    private TrainingResult Train(TrainLoop loop, TrainedArm arm, Checkpoint? from, CheckpointWriter checkpoints, CancellationToken cancellationToken)
    {
        TrainingResult result;
        try
        {
            result = loop.Run(from?.Snapshot, cancellationToken);
        }
        catch (DivergedException error)
        {
            // The loop has put the best weights back.
            var where = session.Folder.Checkpoint(arm.Key, arm.Seed);
            Directory.CreateDirectory(where);
            var file = Path.Combine(where, "best.safetensors");
            SafetensorsWriter.Write(file, arm.Model.StateDict());
            var message = $"The {Words(arm)} of seed {arm.Seed} diverged. {error.Message} They are in {file}.";
            session.Log.For(arm.Task).Note(message);
            throw new DecantException(message, ExitCodes.Diverged, error);
        }

        checkpoints.Wait();
        return result.Reason == StopReason.Interrupted ? throw Stopped(loop, arm, result.Steps, checkpoints, cancellationToken) : result;
    }

    private OperationCanceledException Stopped(TrainLoop loop, TrainedArm arm, long steps, CheckpointWriter checkpoints, CancellationToken cancellationToken)
    {
        var kept = "A checkpoint is in";
        try
        {
            kept = $"{kept} {checkpoints.Write(loop)}.";
        }
        catch (DecantException fault)
        {
            kept = $"{fault.Message} What was written before is kept.";
        }

        var message = $"Stopped after step {steps} of the {Words(arm)}. {kept}";
        session.Log.For(arm.Task).Note(message);
        return new OperationCanceledException($"{message} To resume: {session.ResumeCommand}", cancellationToken);
    }

    private static string Words(TrainedArm arm) => arm.Task is null ? arm.Name : $"{arm.Name} of {arm.Task}";

    private static string Words(StopReason reason) => reason == StopReason.EarlyStopping ? "the validation metric had stopped improving" : "all epochs were done";
}
