using Decant.Runs.Recipes.Schema;

namespace Decant.Runs.Preparing;

/// <summary>Gathers what is wrong with each of several tasks, so that all of it is reported at once.</summary>
internal sealed class TaskFaults(MultiTaskRecipe recipe)
{
    private readonly List<DecantException> _faults = [];

    /// <summary>Does something for each task; where it fails, the others are tried all the same.</summary>
    /// <returns>What came out, one per task.</returns>
    /// <exception cref="DecantException">Something failed: every message, with its task.</exception>
    public static IReadOnlyList<T> Each<T>(MultiTaskRecipe recipe, Func<TaskSection, int, T> work)
    {
        var faults = new TaskFaults(recipe);
        var results = new List<T>();
        for (var i = 0; i < recipe.Tasks.Count; i++)
            faults.Try(i, index => results.Add(work(recipe.Tasks[index], index)));
        faults.Throw();
        return results;
    }

    /// <summary>Does something for one task.</summary>
    public void Try(int index, Action<int> work)
    {
        try
        {
            work(index);
        }
        catch (DecantException error)
        {
            _faults.Add(new DecantException($"tasks[{index}] ({recipe.Tasks[index].Name}): {error.Message}", error.ExitCode, error));
        }
    }

    /// <exception cref="DecantException">Something failed.</exception>
    public void Throw()
    {
        if (_faults.Count == 1)
            throw _faults[0];
        if (_faults.Count > 1)
            throw new DecantException($"{string.Join("\n", _faults.Select(f => f.Message))}\n{_faults.Count} tasks have faults; nothing was started.", _faults[0].ExitCode, _faults[0]);
    }
}
