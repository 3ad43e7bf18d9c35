using Decant.Runs.Reports.Record;
using Decant.Runs.Reports.View;

namespace Decant.Runs.Reports.Table;

/// <summary>The tasks of a run side by side: for each the metric that it goes by and its speed, and the parameters of all together.</summary>
internal static class TaskTable
{
    private static readonly string[] Order = [Arms.Teacher, Arms.Student, Arms.Control, Arms.AllLabels, Arms.Single];

    public static ComparisonTable Of(TasksView run)
    {
        string[] arms = [.. Order.Where(arm => run.Tasks.Any(t => t.Value.Models.Any(m => m.Name == arm && m.HasFigures)))];
        var against = arms.Contains(Arms.Single) ? Arms.Single : Arms.Teacher;
        return new ComparisonTable
        {
            Columns = [.. arms.Select(a => new TableColumn(a, Words.Arm(a)))],
            Rows = [.. run.Tasks.SelectMany(t => Rows(t.Key, t.Value, arms, against)), .. Sizes(run, arms, against)],
            RatioTitle = arms.Contains(Arms.Student) && arms.Contains(against) ? $"Student against {against}" : null,
        };
    }

    private static IEnumerable<TableRow> Rows(string task, RunView run, string[] arms, string against)
    {
        var table = ComparisonTable.Of([.. run.Models.Where(m => m.HasFigures).Select(m => m.ToFigures())], Arms.Student, against);
        foreach (var row in table.Rows.Where(r => r.Key == run.MainMetric || r.Key == "latency-p50"))
        {
            TableCell[] cells = [.. arms.Select(arm => table.Columns.Select(c => c.Key).ToList().IndexOf(arm) is >= 0 and var at ? row.Cells[at] : TableCell.Unknown)];
            yield return row with { Group = task, Key = $"{task}/{row.Key}", Title = $"{task}: {Small(row.Title)}", Cells = cells, Ratio = Ratio(row, run, against) };
        }
    }

    private static string Ratio(TableRow row, RunView run, string against)
    {
        if (row.Key != run.MainMetric || against != Arms.Single || run.Sharing is not { } sharing)
            return row.Ratio;
        var look = MetricLook.For(sharing.Metric);
        return look.Signed(sharing.Difference, look.IsShare ? 1 : look.Decimals) + (look.IsShare ? " points" : look.Unit);
    }

    private static IEnumerable<TableRow> Sizes(TasksView run, string[] arms, string against)
    {
        TableCell[] cells = [.. arms.Select(arm => run.Parameters(arm) is { } count ? new TableCell(count, Words.Large(count), "") : TableCell.Unknown)];
        if (cells.All(c => c.Value is null))
            yield break;
        yield return new TableRow("Size", "parameters", "Parameters", "all tasks together", cells, Ratio(run.Parameters(Arms.Student), run.Parameters(against)));
    }

    private static string Ratio(double? small, double? large) => (small, large) switch
    {
        ({ } s and > 0, { } l and > 0) when s <= l => l / s < 1.05 ? "the same" : $"{Words.Times(l / s)} fewer",
        ({ } s and > 0, { } l and > 0) => $"{Words.Times(s / l)} more",
        _ => "",
    };

    private static string Small(string title) => title.Length > 1 && char.IsUpper(title[1]) ? title : Words.Small(title);
}
