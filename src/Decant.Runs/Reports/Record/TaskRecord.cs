namespace Decant.Runs.Reports.Record;

/// <summary>The record of a run of several tasks, taken apart: what is about one of them, and what is about the run as a whole.</summary>
internal static class TaskRecord
{
    /// <summary>The record that a run of one of the tasks alone would have: its own events, and of those of the whole run what is about its student.</summary>
    public static RunRecord Of(RunRecord record, string task) => RunRecord.From(record.Events.Select(e => e.TaskName is null ? Shared(e, task) : e.TaskName == task ? e : null).OfType<RunEvent>());

    /// <summary>What is about no single task.</summary>
    public static RunRecord Whole(RunRecord record) => RunRecord.From(record.Events.Where(e => e.TaskName is null), record.Problems);

    private static RunEvent? Shared(RunEvent happened, string task) => happened switch
    {
        // The loss is a sum over all tasks, the whole student's size and the notes are recorded once.
        StepTaken or ModelDescribed or RunNote => null,
        Validated validated => validated with { Metrics = Own(validated.Metrics, task + "/") },
        _ => happened,
    };

    private static Dictionary<string, double> Own(IReadOnlyDictionary<string, double> metrics, string prefix) =>
        metrics.Where(m => m.Key.StartsWith(prefix, StringComparison.Ordinal)).ToDictionary(m => m.Key[prefix.Length..], m => m.Value);
}
