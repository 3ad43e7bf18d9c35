using Decant.Runs.Reports.Record;

namespace Decant.Runs.Reports.View;

/// <summary>The types of entities of an arm.</summary>
internal static class EntityView
{
    public static string Name(string type) => type.Length == 0 ? "without a type" : type;

    /// <summary>The mean over the seeds.</summary>
    public static Dictionary<string, EntityResult> Scores(ArmView? arm) => (arm?.Tests ?? [])
        .SelectMany(t => t.Entities ?? [])
        .GroupBy(e => e.Type, StringComparer.Ordinal)
        .ToDictionary(g => g.Key, g => new EntityResult(g.Key, g.Average(e => e.Precision), g.Average(e => e.Recall), g.Average(e => e.F1), g.Max(e => e.Support)), StringComparer.Ordinal);
}
