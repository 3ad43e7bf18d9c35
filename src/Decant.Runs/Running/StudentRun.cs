using Decant.Runs.Planning;
using Decant.Runs.Recipes.Schema;
using Decant.Runs.Reports.Record;

namespace Decant.Runs.Running;

/// <summary>Runs of a recipe that train a student of its first seed and measure it on validation samples alone, kept in a folder, and resumed where they were stopped.</summary>
internal static class StudentRun
{
    /// <summary>Trains the student, or finds that it was.</summary>
    /// <param name="catalog">The kinds that recipes name.</param>
    /// <param name="job">The command that asks for it.</param>
    /// <param name="recipe">The recipe, of which the first seed is taken, without control, baselines and export.</param>
    /// <param name="options">Where to.</param>
    /// <param name="progress">Gets every event.</param>
    /// <param name="cancellationToken">Stops after the current update, with a checkpoint.</param>
    /// <returns>The best value of the metric on validation samples; null: nothing was validated.</returns>
    public static double? Run(Catalog catalog, string job, Recipe recipe, RunOptions options, IProgress<RunEvent>? progress, CancellationToken cancellationToken)
    {
        var runner = new RecipeRunner(catalog, new RunWork(job, _ => { }, run => RunPlans.ToLearn(catalog, run), (run, stop) => Train(catalog, run, stop)), options, progress);
        var alone = recipe with { Seed = recipe.RunSeeds()[0], Seeds = null, Control = false, Baseline = [BaselineKind.None], Export = null };
        var result = File.Exists(Path.Combine(options.Out!, "recipe.yaml")) ? runner.Resume(options.Out!, null, cancellationToken) : runner.Start(alone, cancellationToken);
        return result.Record.Events.OfType<ArmFinished>().Last(e => e.Arm == Arms.Student).BestMetric;
    }

    private static void Train(Catalog catalog, OpenRun run, CancellationToken cancellationToken)
    {
        using var models = new SessionModels(run.Session, run.Plan, run.Teachers, cancellationToken);
        var training = new ArmTraining(catalog, run.Session, run.Prepared.Recipe.Checkpoints);
        foreach (var step in run.Plan.Steps)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (step is TrainStep train)
                training.Run(train, models, cancellationToken);
            models.Done(step);
        }
    }
}
