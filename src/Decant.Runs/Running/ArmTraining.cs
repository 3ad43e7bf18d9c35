using Decant.Compression.Pruning;
using Decant.Compression.Quantization;
using Decant.Export.Safetensors;
using Decant.Models.Configuration;
using Decant.Models.MultiTask;
using Decant.Runs.Planning;
using Decant.Runs.Preparing;
using Decant.Runs.Recipes.Schema;
using Decant.Runs.Reports.Record;
using Decant.Training;
using Decant.Training.Checkpoints;

namespace Decant.Runs.Running;

/// <summary>Trains what a step of the plan says, or what is left of it, writes the models, and reports to the run's log.</summary>
internal sealed class ArmTraining(Catalog catalog, RunSession session, CheckpointOptions section)
{
    /// <summary>Does a step; one that was done before the run was stopped is skipped.</summary>
    /// <exception cref="OperationCanceledException">Cancelled: a checkpoint of everything was written before, or the message says why not.</exception>
    public void Run(TrainStep step, IStepInputs inputs, CancellationToken cancellationToken)
    {
        if (session.IsDone(step))
            return;
        var model = inputs[step.Model];
        var arm = step.Training(inputs);
        KnownRanges? ranges = null;
        if (arm is not null)
        {
            var log = session.Log.For(step.Task);
            var (rounded, learner) = Rounding.Attach(arm, step.Of?.Data);
            using (rounded)
            {
                using (var plan = IArmPlan.Of(catalog, step, learner, log))
                    Run(learner, plan, Rounding.Renewing(learner, rounded, step.Of?.Data), cancellationToken);
                if (Rounding.Settle(learner, rounded, step.Of?.Data) is { } done)
                    log.Note($"{arm.Name} (seed {arm.Seed}): {done}");
                ranges = rounded?.Ranges;
            }
        }

        var weights = Path.Combine(session.Folder.Root, step.Weights);
        if (step.Of is null || step.Saves.Count == 0)
            ModelStore.Keep(model, weights);
        else
            AdaptedStudent.Settle(step, model, session.Folder.Root, isTrained: arm is not null);
        if (model is MultiTaskModel joint)
            session.Log.Write(Described(joint, step.Name, weights));
        foreach (var saved in step.Saves)
        {
            var log = session.Log.For(saved.Task.Name);
            log.Write(new ModelStore(saved.Task.Data, log.Note).Save(inputs[saved.Model], step.Model.Arm, Path.Combine(session.Folder.Root, saved.Folder)) with { StartsFrom = step.StartsFrom });
            AdaptedStudent.Accompany(Path.Combine(session.Folder.Root, saved.Folder));
            if (ranges is not null)
                RangesFile.Write(Path.Combine(session.Folder.Root, saved.Folder), ranges);
            if (arm?.Fit is DistillSection { Pruning: not null })
                log.Note($"{step.Name}, {SparsityReached.Of(inputs[saved.Model], Path.Combine(session.Folder.Root, ModelStore.WeightsIn(saved.Folder)))}");
        }

        session.Finish(step, weights);
    }

    private static ModelDescribed Described(MultiTaskModel model, string arm, string weights) => new()
    {
        Role = arm,
        Kind = model.Kind,
        Summary = $"{(model.Of(model.Tasks[0]) as IConfigured)?.Config.Summary ?? model.Kind}, a head for each of {string.Join(", ", model.Tasks)}",
        Parameters = model.ParameterCount,
        Shared = model.SharedParameterCount,
        Bytes = new FileInfo(weights).Length,
    };

    private void Run(TrainedArm arm, IArmPlan plan, Action<long, long>? afterUpdate, CancellationToken cancellationToken)
    {
        var log = session.Log.For(arm.Task);
        using var from = session.TakeCheckpoint(arm.Key, arm.Seed);
        // One that goes on has begun in the record already.
        if (from is null)
            log.Write(new ArmStarted { Arm = arm.Name, Seed = arm.Seed, Epochs = arm.Budget.Epochs, Steps = arm.Budget.Steps, Objectives = plan.Words, Stage = (arm as Arm)?.Stage });
        Seeding.Start(arm.Seed, arm.Purpose);
        var rollouts = (plan as ArmPlan)?.Rollouts;
        foreach (var finding in rollouts?.Begin(cancellationToken) ?? [])
        {
            if (from is null)
                log.Note($"{arm.Name} (seed {arm.Seed}), before: {finding}");
        }

        using var checkpoints = session.Checkpoints(arm.Key, arm.Seed, section);
        using var loop = new TrainLoop(plan.Plan with { AfterUpdate = afterUpdate }, new ArmObserver(log, arm.Name, arm.Seed, arm.Budget.Steps, rollouts), checkpoints);
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
            SafetensorsWriter.Write(file, arm.Model.LearnedState());
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
