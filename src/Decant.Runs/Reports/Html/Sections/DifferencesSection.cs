using Decant.Runs.Reports.Html.Charts;
using Decant.Runs.Reports.Html.Elements;
using Decant.Runs.Reports.Record;
using Decant.Runs.Reports.View;

namespace Decant.Runs.Reports.Html.Sections;

/// <summary>Where student and teacher differ.</summary>
internal static class DifferencesSection
{
    public static Markup Of(RunView run)
    {
        Markup[] parts =
        [
            Agreement(run), ClassGroupTable.Of(run), ClassChart.Of(run), EntityTable.Of(run), OutputTable.Of(run), ScatterChart.Of(run),
            Confusion(run), Calibration(run), SamplesSection.Of(run), SentencesSection.Of(run),
        ];
        return parts.All(p => p.IsEmpty) ? Markup.Empty : Markup.Of($"<section><h2>{Heading(run)}</h2>{parts}</section>");
    }

    private static string Heading(RunView run) => run.Teacher is null ? "Where the student is right and wrong" : "Where student and teacher differ";

    private static Markup Agreement(RunView run)
    {
        var (student, control) = (Same(run.Student), Same(run.Control));
        if (student is not { } share)
            return run.Gap is { } only ? Markup.Of($"<p>{only.Sentence}.{Closed(run)}</p>") : Markup.Empty;
        var against = control is { } c ? $", its control to {Words.Percent(c)}" : "";
        var gap = run.Gap is { } g ? Markup.Of($"{g.Sentence.TrimEnd('.')}. ") : Markup.Empty;
        if (run.Task != TaskLook.Classification)
            return Markup.Of($"<p>{gap}{Same(run, share, control)}{Closed(run)}</p>");
        return Markup.Of($"<p>{gap}The student predicts the same class as its teacher, correct or not, for {Words.Percent(share)} of the test samples{against}.</p>");
    }

    private static string Same(RunView run, double share, double? control)
    {
        var against = control is { } c ? $", its control at {Words.Percent(c)}" : "";
        return run.Task.Name == "token-classification"
            ? $"The student predicts the same tag as its teacher, correct or not, at {Words.Percent(share)} of the words{against}."
            : $"The student finds the same token most probable as its teacher, correct or not, at {Words.Percent(share)} of the positions{against}.";
    }

    /// <summary>How much of what lies between control and teacher the student has gained.</summary>
    private static string Closed(RunView run)
    {
        if (run is not { Verdict: { } verdict, Gap: { } gap } || run.Task == TaskLook.Classification || verdict.Metric != gap.Metric)
            return "";
        var (gained, whole) = (verdict.Difference, verdict.Difference + gap.Difference);
        return gained / whole is > 0 and <= 2 and var share ? $" It closes {Words.Percent(share, 0)} of the gap between control and teacher." : "";
    }

    private static double? Same(ArmView? arm)
    {
        double[] shares = [.. (arm?.Tests ?? []).Select(t => t.Agreement).OfType<TeacherAgreement>().Select(a => a.SameAnswer)];
        return shares.Length == 0 ? null : shares.Average();
    }

    private static Markup Confusion(RunView run)
    {
        if (PooledConfusion.Of(run.Student) is not { Classes: > 1 } student)
            return Markup.Empty;
        var map = student.Classes <= HeatMap.MaximumClasses
            ? Markup.Of($"""
                <h3>What the student takes for what</h3>{HeatMap.Of(student, run.ClassName)}<figcaption>Rows are the true classes, columns the student’s answers{(student.Seeds > 1 ? $", {student.Seeds} seeds added up" : "")}.
                <i class="box right"></i> right, <i class="box wrong"></i> wrong; the stronger, the larger the share of its row (wrong cells: full at {Words.Percent(HeatMap.FullShare(student))}). Look for wrong cells that stand out.</figcaption>
                """)
            : Markup.Empty;
        return Markup.Of($"""<figure>{map}{MixUps(run, student)}</figure>""");
    }

    private static Markup MixUps(RunView run, PooledConfusion student)
    {
        var most = student.Mistakes().Take(8).ToArray();
        if (most.Length == 0 || student.Classes < 3)
            return Markup.Empty;
        var (teacher, control, all) = (PooledConfusion.Of(run.Teacher), PooledConfusion.Of(run.Control), PooledConfusion.Of(run.AllLabels));
        Markup Head(string title, bool there) => there ? Markup.Of($"<th>{title}</th>") : Markup.Empty;
        Markup Share(PooledConfusion? matrix, int label, int answer) => matrix is null ? Markup.Empty
            : Markup.Of($"<td>{(matrix.Support(label) == 0 ? "–" : Words.Percent((double)matrix[label, answer] / matrix.Support(label)))}</td>");
        return Markup.Of($"""
            <h3>The most frequent mix-ups</h3><div class="scroll"><table class="mixups"><thead><tr><th>True class</th><th>taken for</th><th>Student</th>{Head("Teacher", teacher is not null)}{Head("Control", control is not null)}{Head(Words.Arm(Arms.AllLabels), all is not null)}</tr></thead><tbody>
            {most.Select(m => Markup.Of($"""<tr><th scope="row"><bdi>{run.ClassName(m.Label)}</bdi></th><td class="name"><bdi>{run.ClassName(m.Answer)}</bdi></td>{Share(student, m.Label, m.Answer)}{Share(Fitting(teacher), m.Label, m.Answer)}{Share(Fitting(control), m.Label, m.Answer)}{Share(Fitting(all), m.Label, m.Answer)}</tr>"""))}
            </tbody></table></div><p class="fine">Shares of the true class’s samples. What the teacher mistakes as well, the student may have from it.</p>
            """);

        PooledConfusion? Fitting(PooledConfusion? matrix) => matrix?.Classes == student.Classes ? matrix : null;
    }

    private static Markup Calibration(RunView run)
    {
        var charts = run.Models.Select(ReliabilityChart.Of).Where(c => !c.IsEmpty).ToArray();
        return charts.Length == 0 ? Markup.Empty : Markup.Of($"""
            <div class="calibration"><h3>Calibration</h3><div class="three">{charts}</div>
            <p class="fine">Each bar is the fraction of correct predictions among those of one confidence. On the dotted line confidence can be taken at its word; bars below it are over-confident.
            The grey bars hanging from the top show how many samples have that confidence; bars of few samples are faint.</p></div>
            """);
    }
}
