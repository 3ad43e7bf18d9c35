using Decant.Runs.Reports.Html.Charts;
using Decant.Runs.Reports.Html.Elements;
using Decant.Runs.Reports.Record;
using Decant.Runs.Reports.View;

namespace Decant.Runs.Reports.Html.Sections;

/// <summary>One row per class: where teacher, student and control stand, and what distillation changed.</summary>
internal static class ClassChart
{
    /// <summary>More rows than these are cut to those that changed most.</summary>
    private const int MaximumRows = 40, Shown = 15;

    private sealed record Row(string Name, int Support, double? Teacher, double Student, double? Control, double? AllLabels)
    {
        /// <summary>Against the control; without one, against the teacher.</summary>
        public double? Change => Student - (Control ?? Teacher);
    }

    public static Markup Of(RunView run)
    {
        var rows = Rows(run);
        if (rows.Count < 2)
            return Markup.Empty;
        var scale = Scale.Around(rows.SelectMany(r => new[] { r.Teacher, r.Student, r.Control, r.AllLabels }.OfType<double>()), count: 4, floor: 0, ceiling: 1);
        Row[] ordered = [.. rows.OrderByDescending(r => r.Change).ThenBy(r => r.Name, StringComparer.Ordinal)];
        var cut = ordered.Length > MaximumRows;
        var against = run.Control is not null ? "control" : run.Teacher is not null ? "teacher" : null;
        return Markup.Of($"""
            <figure class="classes"><h3>{(OfEntities(run) ? "F1 of each type of entity" : "F1 of each class")}</h3>{ArmStyle.Key(run.Models.Except(run.Members).Where(m => m.Name is not (Arms.FromScratch or Arms.Untrained)).Select(m => m.Name), dots: true)}
            <div class="rows" style="--wish:{Math.Clamp(rows.Max(r => Words.Width(r.Name)) + 0.5, 2, 17)}em"><div class="row head"><span></span><div class="x">{scale.Ticks.Select(t => Tick(scale, t))}</div><b>{(against is null ? "" : "Δ")}</b></div>
            {(cut ? ordered.Take(Shown) : ordered).Select(r => RowMarkup(r, scale))}
            {(cut ? Markup.Of($"""<p class="more">{Words.Count(ordered.Length - 2 * Shown)} classes that changed less are left out</p>{ordered.TakeLast(Shown).Select(r => RowMarkup(r, scale))}""") : Markup.Empty)}
            </div>{Caption(against, OfEntities(run))}</figure>

            """);
    }

    private static Markup Caption(string? against, bool entities) => against is null ? Markup.Empty : Markup.Of($"""
        <figcaption>{(entities ? "Types" : "Classes")} in order of what changed. Δ is the student minus its {against}, in points. The line joins the two; look for long lines, and for
        students far left of their teacher.</figcaption>
        """);

    private static Markup Tick(Scale scale, double tick) => Markup.Of($"""<span style="left:{scale.At(tick)}%">{Words.Fixed(100 * tick, scale.Digits(100))}</span>""");

    private static Markup RowMarkup(Row row, Scale scale) => Markup.Of($"""
        <div class="row"><span title="{row.Name}, {Words.Count(row.Support)} samples"><bdi>{row.Name}</bdi></span><svg width="100%" height="22" aria-hidden="true">
        <line class="axis" x1="0" y1="11" x2="100%" y2="11"/>{Join(row, scale)}{Dot(row.Teacher, Arms.Teacher, scale)}{Dot(row.Control, Arms.Control, scale)}{Square(row.AllLabels, Arms.AllLabels, scale)}{Dot(row.Student, Arms.Student, scale)}</svg><b>{(row.Change is { } change ? Words.Points(change) : "")}</b></div>

        """);

    private static Markup Join(Row row, Scale scale) => (row.Control ?? row.Teacher) is not { } from
        ? Markup.Empty
        : Markup.Of($"""<line class="join" x1="{scale.At(from)}%" y1="11" x2="{scale.At(row.Student)}%" y2="11"/>""");

    private static Markup Dot(double? value, string arm, Scale scale) => value is not { } v ? Markup.Empty : arm == Arms.Teacher
        ? Markup.Of($"""<line class="tick teacher" x1="{scale.At(v)}%" y1="3" x2="{scale.At(v)}%" y2="19"><title>{Words.Capital(arm)} {Words.Percent(v)}</title></line>""")
        : Markup.Of($"""<circle class="{arm}" cx="{scale.At(v)}%" cy="11" r="5.5"><title>{Words.Capital(arm)} {Words.Percent(v)}</title></circle>""");

    private static Markup Square(double? value, string arm, Scale scale) => value is not { } v ? Markup.Empty
        : Markup.Of($"""<rect class="{arm}" x="{scale.At(v)}%" y="6.5" width="9" height="9" transform="translate(-4.5)"><title>{Words.Arm(arm)} {Words.Percent(v)}</title></rect>""");

    private static List<Row> Rows(RunView run)
    {
        if (run.Student is null)
            return [];
        if (OfEntities(run))
            return OfTypes(EntityView.Scores(run.Student), EntityView.Scores(run.Teacher), EntityView.Scores(run.Control), EntityView.Scores(run.AllLabels));
        var (student, teacher, control, all) = (Scores(run.Student), Scores(run.Teacher), Scores(run.Control), Scores(run.AllLabels));
        return [.. student.Keys.Order().Where(c => student[c].Support > 0).Select(c => new Row(
            run.ClassName(c), student[c].Support, Of(teacher, c), student[c].F1, Of(control, c), Of(all, c)))];
    }

    private static bool OfEntities(RunView run) => run.Student?.Tests.Any(t => t.Entities is { Count: > 0 }) == true;

    private static List<Row> OfTypes(Dictionary<string, EntityResult> student, Dictionary<string, EntityResult> teacher, Dictionary<string, EntityResult> control, Dictionary<string, EntityResult> all) =>
        [.. student.Values.Where(e => e.Support > 0).Select(e => new Row(
            EntityView.Name(e.Type), e.Support, teacher.GetValueOrDefault(e.Type)?.F1, e.F1, control.GetValueOrDefault(e.Type)?.F1, all.GetValueOrDefault(e.Type)?.F1))];

    private static double? Of(Dictionary<int, (double F1, int Support)> scores, int index) => scores.TryGetValue(index, out var s) ? s.F1 : null;

    /// <summary>The mean over the seeds.</summary>
    private static Dictionary<int, (double F1, int Support)> Scores(ArmView? arm) => (arm?.Tests ?? [])
        .SelectMany(t => t.PerClass.Select((c, i) => (Index: i, c.F1, c.Support)))
        .GroupBy(c => c.Index)
        .ToDictionary(g => g.Key, g => (g.Average(c => c.F1), g.First().Support));
}
