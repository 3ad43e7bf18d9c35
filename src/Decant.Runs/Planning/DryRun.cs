using Decant.Data;
using Decant.Data.Batching;
using Decant.Export.Onnx;
using Decant.Modules;
using Decant.Runs.Preparing;
using Decant.Runs.Recipes.Schema;
using Decant.Signals;
using Decant.Torch;
using Decant.Training;

namespace Decant.Runs.Planning;

/// <summary>Goes through the plan of a run before anything is written: every model is made, and one batch goes through every training, so that a mismatch is reported before the long work starts.</summary>
/// <param name="catalog">Makes objectives and optimizers.</param>
/// <param name="run">What is run.</param>
/// <param name="plan">Its plan.</param>
/// <param name="teachers">Keeps the teachers for the run.</param>
internal sealed class DryRun(Catalog catalog, PreparedRun run, RunPlan plan, MadeTeachers teachers)
{
    private readonly HashSet<ModelKey> _tried = [];

    /// <summary>Tries all of it.</summary>
    /// <returns>Remarks on the memory that the trainings may need; none where there is enough.</returns>
    /// <exception cref="DecantException">Something does not fit: of several tasks, what is wrong with each, or with all together.</exception>
    public IReadOnlyList<string> All()
    {
        CheckTuneBias();
        CheckTaskSampling();
        var memory = new TrainingMemory(run, plan).Check();
        if (run.Tasks.Count > 1)
            run.Each(task => Try(step => step.Task == task.Name));
        Try(step => run.Tasks.Count == 1 || step.Task is null);
        return memory is null ? [] : [memory];
    }

    private void Try(Func<TrainStep, bool> which) => new PlanWalk(plan, run, teachers).Visit((step, model, arm) =>
    {
        if (step.Of is { } task && _tried.Add(step.Model))
        {
            Try(step, model, task.Data);
            TryTexts(step, model, task);
            TryExport(step, model, task.Data);
        }

        if (arm is not null)
            Try(step, arm);
    }, which);

    private void CheckTuneBias()
    {
        foreach (var data in run.Tasks.Select(t => t.Data))
        {
            if (run.Recipe.Evaluate.TuneBias.FirstOrDefault(name => !data.Classes.Contains(name)) is { } unknown)
                throw new DecantException($"evaluate.tune-bias: '{unknown}' is not one of the {data.Classes.Count} classes ({ModelStore.Shown(data.Classes)}).");
        }
    }

    private void CheckTaskSampling()
    {
        if (run.Recipe is not MultiTaskRecipe { Distill: { TaskSampling: TaskSampling.Annealed } distill })
            return;
        var budget = Budget.Of(distill, run.Tasks.Sum(t => t.Data.BatchesPerEpoch(t.Data.TransferSet, distill)));
        if (budget.Epochs == 1)
            throw new DecantException($"distill.task-sampling: 'annealed' changes from epoch to epoch, and {budget.Steps:N0} steps are one of {budget.BatchesPerEpoch:N0} batches; take more steps, or another sampling.");
    }

    /// <summary>One sample of each split: their images may be of different sizes.</summary>
    private static void Try(TrainStep step, Model model, PreparedData data)
    {
        model.Eval();
        foreach (var split in new[] { data.Train, data.Validation, data.Test }.OfType<Dataset>())
        {
            using var scope = TensorScope.Open();
            using var noGrad = Autograd.NoGrad();
            using var batch = data.Collator.Collate([split[0]], seed: 0, epoch: 0);
            try
            {
                _ = model.Forward(batch.ToInput(model.Device));
            }
            catch (DecantException error)
            {
                throw new DecantException($"{split.Where(0)}: {error.Message}", error.ExitCode, error);
            }
            catch (TorchException error)
            {
                throw new DecantException($"{split.Where(0)}: the {step.Model.Arm}, a {model.GetType().Name}, cannot be given a sample of this shape: {error.Message}", inner: error);
            }
        }
    }

    /// <summary>Whether a model can read the test prompts that it will continue.</summary>
    private void TryTexts(TrainStep step, Model model, PreparedTask task)
    {
        if (task.Recipe.Evaluate.Generation is { } options && plan.Steps.OfType<GenerateStep>().Any(s => s.Model == step.Model))
            new TextWriting(task.Data, options).Check(step.Model.Arm, model);
    }

    /// <summary>Whether the student can be exported: found out with its first weights, not after the training.</summary>
    private void TryExport(TrainStep step, Model model, PreparedData data)
    {
        if (!plan.Steps.OfType<ExportStep>().Any(e => e.Student == step.Model))
            return;
        try
        {
            _ = OnnxGraph.Of(model, ExportedSignature.Of(model, data));
        }
        catch (DecantException error)
        {
            throw new DecantException($"export: {error.Message}", error.ExitCode, error);
        }
    }

    private void Try(TrainStep step, TrainedArm arm)
    {
        if (arm is Arm { Rounding: null, RoundedTo: { } form })
            Rounding.Attach(arm.Model, step.Of!.Data, form)?.Dispose(); // whether it can be, afterwards
        var (rounded, learner) = Rounding.Attach(arm, step.Of?.Data, samples: 4);
        using var attached = rounded;
        arm = learner;
        using var plan = IArmPlan.Of(catalog, step, arm);
        using var loop = new TrainLoop(plan.Plan);
        foreach (var batch in Batches(step, arm))
        {
            using (batch)
            {
                loop.DryRun(batch);
                SingleSampleCheck.Check(arm, plan.Plan, batch);
            }
        }
    }

    /// <summary>One sample; of several tasks, one of each.</summary>
    private static IEnumerable<Batch> Batches(TrainStep step, TrainedArm arm)
    {
        if (arm is Arm one)
        {
            yield return step.Of!.Data.Collator.Collate([Labelled(one.Samples)], seed: 0, epoch: 0);
            yield break;
        }

        foreach (var task in ((MultiTaskArm)arm).Tasks)
        {
            var batch = task.Task.Data.Collator.Collate([task.Samples[0]], seed: 0, epoch: 0);
            batch.Task = task.Name;
            yield return batch;
        }
    }

    private static Sample Labelled(Dataset samples) => samples[Enumerable.Range(0, samples.Count).FirstOrDefault(samples.IsLabelled)];
}
