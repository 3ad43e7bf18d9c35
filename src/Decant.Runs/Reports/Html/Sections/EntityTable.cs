using Decant.Runs.Reports.Html.Elements;
using Decant.Runs.Reports.Record;
using Decant.Runs.Reports.View;

namespace Decant.Runs.Reports.Html.Sections;

/// <summary>Each type of entity in figures.</summary>
internal static class EntityTable
{
    public static Markup Of(RunView run)
    {
        var (student, teacher, control, all) = (EntityView.Scores(run.Student), EntityView.Scores(run.Teacher), EntityView.Scores(run.Control), EntityView.Scores(run.AllLabels));
        if (student.Count == 0)
            return Markup.Empty;
        Markup Head(string title, bool there) => there ? Markup.Of($"<th>{title}</th>") : Markup.Empty;
        Markup Other(Dictionary<string, EntityResult> arm, string type) => arm.Count == 0 ? Markup.Empty
            : Markup.Of($"<td>{(arm.TryGetValue(type, out var e) ? Words.Percent(e.F1) : "–")}</td>");
        return Markup.Of($"""
            <figure><h3>Each type of entity</h3><div class="scroll"><table><thead><tr><th>Type</th><th>Entities</th><th>Precision</th><th>Recall</th><th>F1</th>{Head("Teacher’s F1", teacher.Count > 0)}{Head("Control’s F1", control.Count > 0)}{Head("All labels’ F1", all.Count > 0)}</tr></thead><tbody>
            {student.Values.OrderByDescending(e => e.Support).ThenBy(e => e.Type, StringComparer.Ordinal).Select(e => Markup.Of($"""<tr><th scope="row"><bdi>{EntityView.Name(e.Type)}</bdi></th><td>{Words.Count(e.Support)}</td><td>{Words.Percent(e.Precision)}</td><td>{Words.Percent(e.Recall)}</td><td>{Words.Percent(e.F1)}</td>{Other(teacher, e.Type)}{Other(control, e.Type)}{Other(all, e.Type)}</tr>"""))}
            </tbody></table></div><figcaption>Precision, recall and F1 of the student. An entity counts as found where its first word, its last word and its type are right.</figcaption></figure>

            """);
    }
}
