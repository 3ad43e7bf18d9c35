using Decant.Runs.Comparing;
using Decant.Runs.Planning;
using Decant.Runs.Preparing;
using Decant.Runs.Recipes.Schema;
using Decant.Runs.Reports.Log;
using Decant.Runs.Reports.Record;
using Decant.Runs.Running;

namespace Decant.Runs.Jobs;

/// <summary>The main job: train or load the teacher, let the student imitate it, distil, train the control, measure all on samples that nothing has seen.</summary>
public sealed class DistillJob(Catalog catalog) : RecipeJob<Recipe>
{
    /// <summary>Runs a recipe of one task or of several to its report.</summary>
    /// <param name="recipe">A recipe that has been read and checked.</param>
    /// <param name="options">Where to.</param>
    /// <param name="progress">Gets every event, on the job's thread.</param>
    /// <param name="cancellationToken">Stops after the current update, with a checkpoint.</param>
    /// <exception cref="DecantException">The recipe has nothing to distil, or something in it does not fit.</exception>
    public RunResult Run(RecipeDocument recipe, RunOptions options, IProgress<RunEvent>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(recipe);
        return recipe.MultiTask is { } tasks
            ? new MultiTaskJob(catalog).Run(tasks, options, progress, cancellationToken)
            : Run(recipe.Recipe, options, progress, cancellationToken);
    }

    /// <summary>Resumes a run of one task or of several; nothing is done when it is finished.</summary>
    /// <param name="run">The run's folder.</param>
    /// <param name="given">A recipe that must be the run's own; null: that is taken.</param>
    /// <param name="options">The command; the folder is the run's.</param>
    /// <param name="progress">Gets every event, including those before the resumption.</param>
    /// <param name="cancellationToken">Stops after the current update, with a checkpoint.</param>
    /// <exception cref="DecantException">It is no run, another process works on it, its recipe or data differ, or no checkpoint can be used.</exception>
    public RunResult Resume(string run, RecipeDocument? given, RunOptions options, IProgress<RunEvent>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(run);
        var folder = RunFolder.Existing(run);
        // Without its recipe, which a former release may have written with keys that are not known now.
        if (Resumption.IsFinished(folder))
            return new RunResult(folder, RunRecord.Read(folder.Record)) { WasFinished = true };
        var several = new MultiTaskJob(catalog);
        var hasTasks = several.IsRun(run);
        if (given is not null && given.MultiTask is not null != hasTasks)
            throw new DecantException($"The recipe is not the one that the run {run} was begun with: one of the two has 'tasks', and the other has not. Leave the recipe out.");
        return hasTasks
            ? several.Resume(run, options, given?.MultiTask, progress, cancellationToken)
            : Resume(run, options, given?.Recipe, progress, cancellationToken);
    }

    private protected override IRecipeJob<Recipe> Around(RunOptions options, IProgress<RunEvent>? progress) => new RecipeRunner<Recipe, PreparedData>(
        catalog,
        new(
            "distill",
            Check,
            (recipe, token) => DataPreparation.Prepare(catalog, recipe, token),
            (recipe, data) => new DryRun(catalog, recipe, data).All(),
            (recipe, data, token) => new ThreadAllocations(catalog, recipe, data).OfAll(token),
            RunSeeds),
        options,
        progress);

    private static void Check(Recipe recipe)
    {
        if (!recipe.HasTeacher())
            throw new DecantException("There is nothing to distil: the recipe has no 'teacher'.");
    }

    /// <summary>One seed after the other: its models are measured when they are trained, and only their answers outlive them.</summary>
    private void RunSeeds(Recipe recipe, PreparedData data, RunSession session, CancellationToken cancellationToken)
    {
        var comparison = new FinalComparison(recipe, data, session);
        using var shared = new SharedTeachers();
        foreach (var seed in recipe.RunSeeds())
        {
            using var outcome = new SeedOutcome(seed);
            new DistillSeed(catalog, recipe, data.ForSeed(seed), session, shared).Run(outcome, cancellationToken);
            comparison.Add(outcome, cancellationToken);
        }

        comparison.Write();
    }
}
