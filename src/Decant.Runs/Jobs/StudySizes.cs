using Decant.Runs.Recipes.Schema;
using Decant.Runs.Reports.Log;
using Decant.Runs.Reports.Record;

namespace Decant.Runs.Jobs;

/// <summary>What the models of a study take, from the records of its runs of the first seed.</summary>
internal static class StudySizes
{
    /// <summary>The teacher as the first variant has it, then the student of each.</summary>
    public static IReadOnlyList<StudySize> Of(Study study, Func<StudyVariant, string> folderOf, string metric) =>
    [
        .. Of(Events(folderOf(study.Variants[0])), Arms.Teacher, Arms.Teacher, metric),
        .. study.Variants.SelectMany(variant => Of(Events(folderOf(variant)), Arms.Student, variant.Name, metric)),
    ];

    private static IReadOnlyList<RunEvent> Events(string folder) => RunRecord.Read(RunFolder.Open(folder).Record).Events;

    private static IEnumerable<StudySize> Of(IReadOnlyList<RunEvent> events, string arm, string name, string metric)
    {
        if (events.OfType<ModelDescribed>().LastOrDefault(e => e.Role == arm) is not { IsRemote: false } model)
            yield break; // an ensemble, whose members are models, or one behind an API
        var exports = events.OfType<ExportMeasured>().Where(e => e.Arm == arm).ToArray();
        foreach (var export in exports)
            yield return new(name, arm == Arms.Student, model.Parameters, export.Form, export.Bytes, export.Score, export.OneThread.P50);
        if (exports.Length == 0 && events.OfType<Evaluated>().LastOrDefault(e => e.Arm == arm && e.Split == "test") is { } figures)
            yield return new(name, arm == Arms.Student, model.Parameters, null, model.Bytes, figures.Metrics[metric], events.OfType<LatencyMeasured>().LastOrDefault(e => e.Arm == arm)?.One.P50);
    }
}
