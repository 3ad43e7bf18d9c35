using Decant.Runs.Comparing;
using Decant.Runs.Planning;
using Decant.Runs.Preparing;
using Decant.Runs.Recipes.Reading;
using Decant.Runs.Recipes.Schema;
using Decant.Runs.Reports.Log;
using Decant.Runs.Reports.Record;
using Decant.Runs.Running;

namespace Decant.Runs.Jobs;

/// <summary>
/// Distills teachers of different tasks into one student: train or load each teacher, train one student with a shared trunk on all of them, train the control
/// without teachers and a student per task alone, and measure all on samples that nothing has seen, task by task.
/// </summary>
public sealed class MultiTaskJob(Catalog catalog) : RecipeJob<MultiTaskRecipe>
{
    /// <summary>Whether a run's recipe has several tasks.</summary>
    /// <param name="run">The run's folder.</param>
    /// <exception cref="DecantException">It is no run's folder, or its recipe cannot be read.</exception>
    public bool IsRun(string run)
    {
        var folder = RunFolder.Existing(run);
        RunState.CheckFormat(folder);
        return new RecipeReader(catalog.Kinds).Read(folder.Recipe).MultiTask is not null;
    }

    private protected override IRecipeJob<MultiTaskRecipe> Around(RunOptions options, IProgress<RunEvent>? progress) => new RecipeRunner<MultiTaskRecipe, PreparedTasks>(
        catalog,
        new(
            "distill",
            _ => { },
            (recipe, token) => TaskPreparation.Prepare(catalog, recipe, token),
            (recipe, data) => new MultiTaskDryRun(catalog, recipe, data).All(),
            (recipe, _, _) => recipe,
            RunSeeds),
        options,
        progress);

    /// <summary>One seed after the other: its models are measured when they are trained, and only their answers outlive them.</summary>
    private void RunSeeds(MultiTaskRecipe recipe, PreparedTasks data, RunSession session, CancellationToken cancellationToken)
    {
        FinalComparison[] comparisons = [.. data.Tasks.Select(t => new FinalComparison(t.Alone, t.Data, session, t.Name))];
        SharedTeachers[] shared = [.. data.Tasks.Select(_ => new SharedTeachers())];
        try
        {
            foreach (var seed in recipe.RunSeeds())
                RunSeed(recipe, data.ForSeed(seed), session, seed, shared, comparisons, cancellationToken);
        }
        finally
        {
            foreach (var teachers in shared)
                teachers.Dispose();
        }

        foreach (var comparison in comparisons)
            comparison.Write();
    }

    private void RunSeed(
        MultiTaskRecipe recipe, PreparedTasks data, RunSession session, long seed, SharedTeachers[] shared, FinalComparison[] comparisons, CancellationToken cancellationToken)
    {
        SeedOutcome[] outcomes = [.. data.Tasks.Select(_ => new SeedOutcome(seed))]; // per task
        try
        {
            new MultiTaskSeed(catalog, recipe, data, session, shared, seed).Run(outcomes, cancellationToken);
            foreach (var (comparison, outcome) in comparisons.Zip(outcomes))
                comparison.Add(outcome, cancellationToken);
        }
        finally
        {
            foreach (var outcome in outcomes)
                outcome.Dispose();
        }
    }
}
