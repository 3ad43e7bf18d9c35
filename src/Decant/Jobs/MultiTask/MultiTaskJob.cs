using Decant.Recipes;
using Decant.Reports;

namespace Decant.Jobs;

/// <summary>
/// Teachers of different tasks pour into one student: train or load each teacher, let one student with a trunk in common learn from all of them, train the control
/// without teachers and a student per task alone, and measure all on samples that nothing has seen, task by task.
/// </summary>
public sealed class MultiTaskJob(Catalog catalog) : RecipeJob<MultiTaskRecipe>
{
    /// <summary>Whether a run's recipe has several tasks.</summary>
    /// <param name="run">The run's folder.</param>
    /// <exception cref="DecantException">It is no run's folder, or its recipe cannot be read.</exception>
    public bool IsRun(string run) => new RecipeReader(catalog.Kinds).Read(RunFolder.Existing(run).Recipe).MultiTask is not null;

    private protected override IRuns<MultiTaskRecipe> Around(RunOptions options, IProgress<RunEvent>? progress) => new Runs<MultiTaskRecipe, PreparedTasks>(
        catalog,
        new(
            "distill",
            _ => { },
            (recipe, token) => TaskPreparation.Prepare(catalog, recipe, token),
            (recipe, data) => new TaskRehearsal(catalog, recipe, data).All(),
            (recipe, _, _) => recipe,
            RunSeeds),
        options,
        progress);

    private void RunSeeds(MultiTaskRecipe recipe, PreparedTasks data, RunSession session, CancellationToken cancellationToken)
    {
        var seeds = recipe.RunSeeds();
        var outcomes = data.Tasks.Select(_ => new List<SeedOutcome>()).ToArray(); // per task, per seed
        try
        {
            foreach (var seed in seeds)
            {
                foreach (var list in outcomes)
                    list.Add(new SeedOutcome(seed));
                new MultiTaskSeed(catalog, recipe, data, session, seed, seed == seeds[0]).Run([.. outcomes.Select(o => o[^1])], cancellationToken);
            }

            for (var t = 0; t < data.Tasks.Count; t++)
                FinalComparison.Write(outcomes[t], data.Tasks[t].Alone, data.Tasks[t].Data, session.Log.For(data.Tasks[t].Name), cancellationToken);
        }
        finally
        {
            foreach (var outcome in outcomes.SelectMany(o => o))
                outcome.Dispose();
        }
    }
}
