using Decant.Runs.Reports.Record;

namespace Decant.Runs.Reports.View;

/// <summary>A run of several tasks as a reader asks for it: each task as a run of its own, and what they have in common.</summary>
internal sealed class TasksView
{
    public TasksView(RunRecord record)
    {
        Whole = new RunView(TaskRecord.Whole(record));
        Tasks = [.. record.Tasks.Select(task => KeyValuePair.Create(task, new RunView(TaskRecord.Of(record, task))))];
    }

    /// <summary>The joint student, its control, the run.</summary>
    public RunView Whole { get; }

    /// <summary>Each task by name, in the recipe's order.</summary>
    public IReadOnlyList<KeyValuePair<string, RunView>> Tasks { get; }

    /// <summary>How many parameters an arm has for all tasks together: those of a shared trunk once; null where that is not known.</summary>
    public long? Parameters(string arm)
    {
        if (Whole.Models.FirstOrDefault(m => m.Name == arm)?.Model is { } joint)
            return joint.Parameters;
        long?[] each = [.. Tasks.Select(t => t.Value.Models.FirstOrDefault(m => m.Name == arm)?.Model?.Parameters)];
        return each.Contains(null) ? null : each.Sum();
    }
}
