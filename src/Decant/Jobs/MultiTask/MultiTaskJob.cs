using Decant.Recipes;
using Decant.Reports;

namespace Decant.Jobs;

/// <summary>
/// Teachers of different tasks pour into one student: train or load each teacher, let one student with a trunk in common learn from all of them, train the control
/// without teachers and a student per task alone, and measure all on samples that nothing has seen, task by task.
/// </summary>
public sealed class MultiTaskJob(Catalog catalog)
{
    /// <summary>Runs a recipe to its report.</summary>
    /// <param name="recipe">A recipe of several tasks that has been read and checked.</param>
    /// <param name="options">Where to.</param>
    /// <param name="progress">Is told every event, on the job's thread.</param>
    /// <param name="cancellationToken">Stops after the current update, with a checkpoint.</param>
    public RunResult Run(MultiTaskRecipe recipe, RunOptions options, IProgress<RunEvent>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(recipe);
        ArgumentNullException.ThrowIfNull(options);
        return new Runs<MultiTaskRecipe, PreparedTasks>(catalog, Work(), options, progress).Start(recipe, cancellationToken);
    }

    /// <summary>Goes on with a run that was stopped or killed, to the very models that it would have had; nothing is done when it is finished.</summary>
    /// <param name="run">The run's folder.</param>
    /// <param name="options">The command; the folder is the run's.</param>
    /// <param name="given">A recipe that must be the run's own; null: that is taken.</param>
    /// <param name="progress">Is told every event, what was before included.</param>
    /// <param name="cancellationToken">Stops after the current update, with a checkpoint.</param>
    /// <exception cref="DecantException">It is no run, another process works on it, its recipe or data differ, or no checkpoint can be used.</exception>
    public RunResult Resume(string run, RunOptions options, MultiTaskRecipe? given = null, IProgress<RunEvent>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(run);
        ArgumentNullException.ThrowIfNull(options);
        return new Runs<MultiTaskRecipe, PreparedTasks>(catalog, Work(), options, progress).Resume(run, given, cancellationToken);
    }

    /// <summary>Whether a run's recipe has several tasks.</summary>
    /// <param name="run">The run's folder.</param>
    /// <exception cref="DecantException">It is no run's folder, or its recipe cannot be read.</exception>
    public bool IsRun(string run) => new RecipeReader(catalog.Kinds).Read(RunFolder.Existing(run).Recipe).MultiTask is not null;

    private RunWork<MultiTaskRecipe, PreparedTasks> Work() => new(
        "distill",
        _ => { },
        (recipe, token) => TaskPreparation.Prepare(catalog, recipe, token),
        (recipe, data) => new TaskRehearsal(catalog, recipe, data).All(),
        (recipe, _, _) => recipe,
        RunSeeds);

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
