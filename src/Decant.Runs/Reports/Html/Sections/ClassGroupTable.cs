using Decant.Runs.Reports.Html.Elements;
using Decant.Runs.Reports.Record;
using Decant.Runs.Reports.View;

namespace Decant.Runs.Reports.Html.Sections;

/// <summary>Frequent and rare classes: the recall of teacher, student and control on each third.</summary>
internal static class ClassGroupTable
{
    public static Markup Of(RunView run)
    {
        if (run.ClassGroups is not { Groups: { Count: > 0 } groups } compared)
            return Markup.Empty;
        string[] arms = [.. run.Models.Select(m => m.Name).Where(name => groups.Any(g => g.Recall.ContainsKey(name)))];
        var hasDifference = groups.Any(g => g.Difference is not null);
        return Markup.Of($"""
            <figure><h3>Frequent and rare classes</h3><div class="scroll"><table><thead><tr><th>Classes</th><th>Training samples</th>{arms.Select(a => Markup.Of($"<th>{Words.Arm(a)}</th>"))}{(hasDifference ? Markup.Of($"<th>Student minus control</th><th>{Words.Percent(compared.Confidence, 0)} interval</th>") : Markup.Empty)}</tr></thead><tbody>
            {groups.Select(g => Row(run, g, arms, hasDifference))}
            </tbody></table></div><figcaption>Recall: the share of a class’s test samples that are recognised, the mean over the classes of the group. Head and tail are the thirds of the classes with the most and
            the fewest training samples.</figcaption></figure>

            """);
    }

    private static Markup Row(RunView run, ClassGroupResult group, string[] arms, bool hasDifference) => Markup.Of($"""
        <tr><th scope="row">{Words.Capital(group.Name)} <small><bdi>{Names(run, group)}</bdi></small></th><td>{Samples(group)}</td>{arms.Select(a => Markup.Of($"<td>{Recall(group, a)}</td>"))}{(hasDifference ? Difference(group) : Markup.Empty)}</tr>
        """);

    private static string Names(RunView run, ClassGroupResult group)
    {
        const int Most = 5;
        var names = string.Join(", ", group.Classes.Take(Most).Select(run.ClassName));
        return group.Classes.Count > Most ? $"{names} and {group.Classes.Count - Most} more" : names;
    }

    private static string Samples(ClassGroupResult group) => group.Most == group.Fewest ? Words.Count(group.Most) : $"{Words.Count(group.Fewest)} to {Words.Count(group.Most)}";

    private static string Recall(ClassGroupResult group, string arm) => group.Recall.TryGetValue(arm, out var recall) ? Words.Percent(recall) : "–";

    private static Markup Difference(ClassGroupResult group) => group is { Difference: { } difference, Low: { } low, High: { } high }
        ? Markup.Of($"<td>{Words.Points(difference)}</td><td>{Words.Points(low)} to {Words.Points(high)}</td>")
        : Markup.Of($"<td>–</td><td>–</td>");
}
