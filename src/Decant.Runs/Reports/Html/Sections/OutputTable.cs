using Decant.Runs.Reports.Html.Elements;
using Decant.Runs.Reports.Record;
using Decant.Runs.Reports.View;

namespace Decant.Runs.Reports.Html.Sections;

/// <summary>Each output of a regression that has several.</summary>
internal static class OutputTable
{
    public static Markup Of(RunView run)
    {
        var (student, teacher, control) = (Scores(run.Student), Scores(run.Teacher), Scores(run.Control));
        if (student.Length < 2)
            return Markup.Empty;
        Markup Head(string title, bool there) => there ? Markup.Of($"<th>{title}</th>") : Markup.Empty;
        Markup Other(OutputResult[] arm, int i) => arm.Length == 0 ? Markup.Empty : Markup.Of($"<td>{(i < arm.Length ? Words.Fixed(arm[i].Pearson, 3) : "–")}</td>");
        return Markup.Of($"""
            <figure><h3>Each output</h3><div class="scroll"><table><thead><tr><th>Output</th><th>Mean absolute error</th><th>Spearman</th><th>Pearson</th>{Head("Teacher’s Pearson", teacher.Length > 0)}{Head("Control’s Pearson", control.Length > 0)}</tr></thead><tbody>
            {student.Select((o, i) => Markup.Of($"""<tr><th scope="row">{run.ClassName(i)}</th><td>{Words.Fixed(o.Mae, 3)}</td><td>{Words.Fixed(o.Spearman, 3)}</td><td>{Words.Fixed(o.Pearson, 3)}</td>{Other(teacher, i)}{Other(control, i)}</tr>"""))}
            </tbody></table></div></figure>

            """);
    }

    private static OutputResult[] Scores(ArmView? arm) => arm is { Tests: [{ Outputs: { } outputs }, ..] } ? [.. outputs] : [];
}
