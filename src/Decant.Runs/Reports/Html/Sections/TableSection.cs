using Decant.Runs.Reports.Html.Elements;
using Decant.Runs.Reports.Record;
using Decant.Runs.Reports.Table;
using Decant.Runs.Reports.View;

namespace Decant.Runs.Reports.Html.Sections;

/// <summary>Teacher, student and control in figures.</summary>
internal static class TableSection
{
    private const int MostAtEase = 4;

    public static Markup Of(RunView run)
    {
        var table = ComparisonTable.Of(run);
        if (table.Rows.Count == 0)
            return Markup.Empty;
        return Markup.Of($"""
            <section><h2>In figures</h2><div class="scroll">{Of(table)}</div>{Foot(run)}</section>

            """);
    }

    /// <summary>A table as it stands on the page.</summary>
    public static Markup Of(ComparisonTable table)
    {
        var hasRatio = table.Rows.Any(r => r.Ratio.Length > 0);
        return Markup.Of($"""
            <table class="{(table.Columns.Count > MostAtEase ? "figures wide" : "figures")}"><thead><tr><th></th>{table.Columns.Select(Heading)}{(hasRatio ? Markup.Of($"<th class=\"ratio\">{table.RatioTitle}</th>") : Markup.Empty)}</tr></thead>
            {table.Rows.GroupBy(r => r.Group).Select(g => Group(table, g, hasRatio))}</table>
            """);
    }

    private static Markup Heading(TableColumn column) => Markup.Of($"""<th scope="col"><i class="dot {ArmStyle.Class(column.Key)}"></i>{column.Title}</th>""");

    private static Markup Group(ComparisonTable table, IGrouping<string, TableRow> rows, bool hasRatio) =>
        Markup.Of($"""<tbody aria-label="{rows.Key}">{rows.Select(r => Row(table, r, hasRatio))}</tbody>""");

    private static Markup Row(ComparisonTable table, TableRow row, bool hasRatio) => Markup.Of($"""
        <tr><th scope="row">{row.Title}{(row.Meaning.Length > 0 ? Markup.Of($" <small>{row.Meaning}</small>") : Markup.Empty)}</th>{row.Cells.Select((cell, i) => Cell(cell, table.Columns[i].Key == Arms.Student))}{(hasRatio ? Markup.Of($"""<td class="ratio">{row.Ratio}</td>""") : Markup.Empty)}</tr>

        """);

    private static Markup Cell(TableCell cell, bool isStudent) =>
        Markup.Of($"<td{(isStudent ? Markup.Of($" class=\"main\"") : Markup.Empty)}>{cell.Text}{(cell.Spread.Length > 0 ? Markup.Of($" <small>{cell.Spread}</small>") : Markup.Empty)}</td>");

    private static Markup Foot(RunView run)
    {
        var test = run.Models.SelectMany(m => m.Tests).FirstOrDefault();
        var seeds = run.Models.Max(m => m.Tests.Count);
        var samples = test is { Samples: > 0 } ? $"Quality on {Words.Count(test.Samples)} test samples{Rows(run, test)} that were not used before. " : "";
        var spread = seeds > 1 ? $"Means over {seeds} seeds; ± is the standard deviation over them. {OneTeacher(run)}" : "";
        var speed = run.Models.Any(m => m.Latency is not null) ? $"Latency on {Threads(run)}, the models timed alternately after warm-up." : "";
        return Markup.Of($"""<p class="fine">{samples}{spread}{speed}</p>""");
    }

    private static string OneTeacher(RunView run) => run.Teacher is { Tests.Count: 1 } ? $"The {run.TeacherWord} is one for all of them. " : "";

    private static string Rows(RunView run, Evaluated test) => test.Rows is { } rows ? $" ({Words.Count(rows)} {run.Task.Rows})" : "";

    private static string Threads(RunView run) => run.Started?.Machine is { Threads: > 0 and var threads } ? $"{threads} {(threads == 1 ? "thread" : "threads")}" : "this machine";
}
