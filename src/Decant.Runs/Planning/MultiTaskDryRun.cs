using Decant.Runs.Preparing;
using Decant.Runs.Recipes.Schema;
using Decant.Training;

namespace Decant.Runs.Planning;

/// <summary>A dry run of each task as a recipe of one task, then of the joint student: one batch of each task through its head and its objectives.</summary>
internal sealed class MultiTaskDryRun(Catalog catalog, MultiTaskRecipe recipe, PreparedTasks data)
{
    private readonly MultiTaskArms _arms = new(catalog, recipe, data);
    private readonly long _seed = recipe.RunSeeds()[0];

    /// <exception cref="DecantException">Every fault of every task, or what is wrong with all together.</exception>
    public void All()
    {
        TaskFaults.Each(recipe, (_, i) =>
        {
            foreach (var objective in MultiTaskPlan.Objectives(catalog, _arms.Untaught(data.Tasks[i]), recipe.Distill).Select(o => o.Objective).OfType<IDisposable>())
                objective.Dispose();
            new DryRun(catalog, data.Tasks[i].Alone, data.Tasks[i].Data).All();
            return i;
        });
        if (recipe.Distill.TaskSampling == TaskSampling.Annealed && Order() is { Epochs: 1 } budget)
            throw new DecantException($"distill.task-sampling: 'annealed' changes from epoch to epoch, and {budget.Steps:N0} steps are one of {budget.BatchesPerEpoch:N0} batches; take more steps, or another sampling.");
        using var student = _arms.NewStudent(_seed);
        Try(_arms.Control(_seed, student));
        if (_arms.HasAllLabels())
            Try(_arms.AllLabels(_seed, student));
    }

    private Budget Order() => Budget.Of(recipe.Distill, data.Tasks.Sum(t => t.Data.BatchesPerEpoch(t.Data.TransferSet, recipe.Distill)));

    private void Try(MultiTaskArm arm)
    {
        using var plan = new MultiTaskPlan(catalog, arm);
        using var loop = new TrainLoop(plan.Plan);
        foreach (var task in arm.Tasks)
        {
            using var batch = task.Task.Data.Collator.Collate([task.Samples[0]], seed: 0, epoch: 0);
            batch.Task = task.Name;
            loop.DryRun(batch);
        }
    }
}
