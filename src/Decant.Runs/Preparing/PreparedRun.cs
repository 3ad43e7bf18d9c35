using Decant.Runs.Recipes.Schema;
using Decant.Torch;

namespace Decant.Runs.Preparing;

/// <summary>One task of a run with its samples: the only one, or one of several.</summary>
/// <param name="Name">Its name; null where there is one task.</param>
/// <param name="Recipe">What a run of it alone would do.</param>
/// <param name="Data">Its samples.</param>
internal sealed record PreparedTask(string? Name, Recipe Recipe, PreparedData Data)
{
    /// <summary>What its objectives are multiplied by among those of several tasks.</summary>
    public double Weight { get; init; } = 1;

    /// <summary>The task as its teacher reads it: with the teacher's own tokenizer, where that is not the student's.</summary>
    public PreparedTask OfTeacher => Data.HasOwnTeacherInput ? this with { Data = Data.OfTeacher, Recipe = Recipe with { Task = Data.OfTeacher.Context.Task } } : this;
}

/// <summary>A run before anything is trained: its recipe, and the samples of its tasks, of which there are one or several.</summary>
internal sealed class PreparedRun(RunRecipe recipe, IReadOnlyList<PreparedTask> tasks) : IDisposable
{
    /// <summary>The recipe.</summary>
    public RunRecipe Recipe => recipe;

    /// <summary>The tasks in order.</summary>
    public IReadOnlyList<PreparedTask> Tasks => tasks;

    /// <summary>Where its models compute; models are placed there when they are made, and batches are moved to the model that they are for.</summary>
    public Device Device { get; } = DeviceChoice.Resolve(recipe.Device);

    /// <summary>Opens the data of a recipe, of one task or of several.</summary>
    /// <exception cref="DecantException">Something in it does not fit: of several tasks every fault of each.</exception>
    public static PreparedRun Of(Catalog catalog, RunRecipe recipe, CancellationToken cancellationToken) => recipe is MultiTaskRecipe several
        ? new(several, TaskPreparation.Prepare(catalog, several, cancellationToken))
        : Of((Recipe)recipe, DataPreparation.Prepare(catalog, (Recipe)recipe, cancellationToken));

    /// <summary>A run of one task with data at hand.</summary>
    public static PreparedRun Of(Recipe recipe, PreparedData data) => new(recipe, [new(null, recipe, data)]);

    /// <summary>The same with a recipe that says how the cores are shared.</summary>
    public PreparedRun With(RunRecipe settled) => new(settled, settled is Recipe one ? [tasks[0] with { Recipe = one }] : tasks);

    /// <summary>The tasks for a seed of the run, which chooses the labels that the student may see; shared otherwise, and these ones'.</summary>
    public IReadOnlyList<PreparedTask> ForSeed(long seed) => [.. tasks.Select(t => t with { Data = t.Data.ForSeed(seed) })];

    /// <summary>Does something for each task; where it fails, the others are tried all the same.</summary>
    /// <exception cref="DecantException">Something failed: every message, with its task where there are several.</exception>
    public void Each(Action<PreparedTask> work)
    {
        if (recipe is MultiTaskRecipe several)
            TaskFaults.Each(several, (_, i) => { work(tasks[i]); return i; });
        else
            work(tasks[0]);
    }

    public void Dispose()
    {
        foreach (var task in tasks)
            task.Data.Dispose();
    }
}
