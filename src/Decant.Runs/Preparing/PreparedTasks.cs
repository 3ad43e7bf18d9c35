using Decant.Runs.Recipes.Schema;

namespace Decant.Runs.Preparing;

/// <summary>One task of several with its samples.</summary>
/// <param name="Section">What the recipe says of it.</param>
/// <param name="Alone">The same as a recipe of one task.</param>
/// <param name="Data">Its samples.</param>
internal sealed record PreparedTask(TaskSection Section, Recipe Alone, PreparedData Data)
{
    public string Name => Section.Name;
}

/// <summary>The samples of all tasks of a run.</summary>
internal sealed class PreparedTasks(IReadOnlyList<PreparedTask> tasks) : IRunData
{
    public IReadOnlyList<PreparedTask> Tasks => tasks;

    /// <summary>The same for a seed of the run, which chooses the labels that the student may see; shared otherwise, and these ones'.</summary>
    public PreparedTasks ForSeed(long seed) => new([.. tasks.Select(t => t with { Data = t.Data.ForSeed(seed) })]);

    public IReadOnlyList<RunPart> Parts => [.. tasks.Select(t => new RunPart(t.Name, t.Alone, t.Data))];

    public void Dispose()
    {
        foreach (var task in tasks)
            task.Data.Dispose();
    }
}
