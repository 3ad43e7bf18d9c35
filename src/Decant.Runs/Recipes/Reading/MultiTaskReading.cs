using Decant.Runs.Recipes.Binding;

namespace Decant.Runs.Recipes.Reading;

/// <summary>A recipe with <c>tasks</c> has other keys at its top than one without: those of a single task stand under each task.</summary>
internal static class MultiTaskReading
{
    public const string Key = "tasks";

    private const string Distill = "distill";
    private static readonly string[] s_ofTask = ["task", "data", "teacher"];
    private static readonly string[] s_ofDistill = ["objectives", "combination"];

    /// <summary>The keys that stand where they may; those that belong under a task are reported, with where to move them.</summary>
    public static MapNode Own(MapNode root, FaultList faults)
    {
        var top = Without(root, s_ofTask, "", faults);
        return top with { Entries = [.. top.Entries.Select(e => e is { Key: Distill, Value: MapNode section } ? e with { Value = Without(section, s_ofDistill, Distill, faults) } : e)] };
    }

    private static MapNode Without(MapNode node, string[] keys, string path, FaultList faults)
    {
        foreach (var entry in node.Entries.Where(e => keys.Contains(e.Key)))
            faults.Add(entry.KeySpot, RecipePath.Key(path, entry.Key), $"'{RecipePath.Key(path, entry.Key)}' is each task's own where there are 'tasks': move it under them, as tasks[0].{entry.Key}");
        return node with { Entries = [.. node.Entries.Where(e => !keys.Contains(e.Key))] };
    }
}
