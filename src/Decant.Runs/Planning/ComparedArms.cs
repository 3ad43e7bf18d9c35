using Decant.Runs.Preparing;
using Decant.Runs.Reports.Record;

namespace Decant.Runs.Planning;

/// <summary>Which model is compared with which at the end of a run.</summary>
internal static class ComparedArms
{
    /// <summary>The pairs, in the order in which they are reported.</summary>
    /// <param name="arms">The arms that are evaluated.</param>
    /// <param name="data">Says whether labels are hidden from student and control.</param>
    public static IEnumerable<(string A, string B)> Of(IReadOnlySet<string> arms, PreparedData data) => Of(data.LabelledTransferSet.Count < data.Train.LabelledCount).Where(pair => arms.Contains(pair.A) && arms.Contains(pair.B));

    private static IEnumerable<(string A, string B)> Of(bool areLabelsHidden)
    {
        yield return (Arms.Student, Arms.Control);
        if (areLabelsHidden)
        {
            yield return (Arms.Student, Arms.AllLabels);
            yield return (Arms.AllLabels, Arms.Control);
        }

        yield return (Arms.Student, Arms.FromScratch);
        yield return (Arms.Control, Arms.FromScratch);
        yield return (Arms.Student, Arms.Untrained);
        yield return (Arms.Student, Arms.Single);
        yield return (Arms.Teacher, Arms.Student);
    }
}
