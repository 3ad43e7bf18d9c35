using Decant.Runs.Reports.Html.Elements;
using Decant.Runs.Reports.Record;
using Decant.Runs.Reports.Table;
using Decant.Runs.Reports.View;

namespace Decant.Runs.Reports.Html.Sections;

/// <summary>All tasks of a run in one table, with what the comparisons of each say.</summary>
internal static class TasksSection
{
    public static Markup Of(TasksView run)
    {
        var table = TaskTable.Of(run);
        if (table.Rows.Count == 0)
            return Markup.Empty;
        return Markup.Of($"""
            <section><h2>Side by side</h2><div class="scroll">{TableSection.Of(table)}</div>{Sentences(run)}</section>

            """);
    }

    private static Markup Sentences(TasksView run)
    {
        Markup[] lines = [.. run.Tasks.SelectMany(t => ((Comparison?[])[t.Value.Verdict, .. t.Value.Baselines, t.Value.Sharing, t.Value.Gap]).OfType<Comparison>().Select(c => Markup.Of($"""<li><a href="#task-{t.Key}">{t.Key}</a>: {c.Sentence}</li>""")))];
        return lines.Length == 0 ? Markup.Empty : Markup.Of($"""<ul class="answers-of-tasks">{lines}</ul>""");
    }
}
