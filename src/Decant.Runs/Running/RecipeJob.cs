using Decant.Runs.Recipes.Schema;
using Decant.Runs.Reports.Record;

namespace Decant.Runs.Running;

/// <summary>A job that a recipe describes: it is run from the start, or resumed where it was stopped.</summary>
public abstract class RecipeJob
{
    private protected RecipeJob()
    {
    }

    /// <summary>Runs a recipe to its report.</summary>
    /// <param name="recipe">A recipe of one task or of several, read and checked.</param>
    /// <param name="options">Where to.</param>
    /// <param name="progress">Gets every event, on the job's thread.</param>
    /// <param name="cancellationToken">Stops after the current update, with a checkpoint.</param>
    /// <exception cref="DecantException">The recipe has nothing for this job, or something in it does not fit.</exception>
    public RunResult Run(RunRecipe recipe, RunOptions options, IProgress<RunEvent>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(recipe);
        ArgumentNullException.ThrowIfNull(options);
        return Around(options, progress).Start((IRunRecipe)recipe, cancellationToken);
    }

    /// <summary>Resumes a run that was stopped or killed; its models are the same as those of an uninterrupted run; nothing is done when it is finished.</summary>
    /// <param name="run">The run's folder.</param>
    /// <param name="options">The command; the folder is the run's.</param>
    /// <param name="given">A recipe that must be the run's own; null: that is taken.</param>
    /// <param name="progress">Gets every event, including those before the resumption.</param>
    /// <param name="cancellationToken">Stops after the current update, with a checkpoint.</param>
    /// <exception cref="DecantException">It is no run, another process works on it, its recipe or data differ, or no checkpoint can be used.</exception>
    public RunResult Resume(string run, RunOptions options, RunRecipe? given = null, IProgress<RunEvent>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(run);
        ArgumentNullException.ThrowIfNull(options);
        return Around(options, progress).Resume(run, (IRunRecipe?)given, cancellationToken);
    }

    /// <summary>The job's work with all that surrounds it.</summary>
    private protected abstract RecipeRunner Around(RunOptions options, IProgress<RunEvent>? progress);
}
