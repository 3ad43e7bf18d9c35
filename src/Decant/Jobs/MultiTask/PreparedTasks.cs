using Decant.Recipes;

namespace Decant.Jobs;

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

    public IReadOnlyList<RunPart> Parts => [.. tasks.Select(t => new RunPart(t.Name, t.Alone, t.Data))];

    public void Dispose()
    {
        foreach (var task in tasks)
            task.Data.Dispose();
    }
}
