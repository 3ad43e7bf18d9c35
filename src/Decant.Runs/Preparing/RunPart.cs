using Decant.Runs.Recipes.Schema;

namespace Decant.Runs.Preparing;

/// <summary>The data of a run: of its one task, or of each of several.</summary>
internal interface IRunData : IDisposable
{
    /// <summary>The tasks in order.</summary>
    IReadOnlyList<RunPart> Parts { get; }
}

/// <summary>One task of a run.</summary>
/// <param name="Task">Its name; null where there is one task.</param>
/// <param name="Recipe">What a run of it alone would do.</param>
/// <param name="Data">Its samples.</param>
internal sealed record RunPart(string? Task, Recipe Recipe, PreparedData Data);
