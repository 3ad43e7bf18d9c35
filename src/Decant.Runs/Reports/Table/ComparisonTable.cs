using Decant.Runs.Reports.Record;
using Decant.Runs.Reports.View;

namespace Decant.Runs.Reports.Table;

/// <summary>Models side by side: one column per model, one row per figure, formatted; the command line and the report both draw it.</summary>
internal sealed record ComparisonTable
{
    /// <summary>The columns, one per model.</summary>
    public required IReadOnlyList<TableColumn> Columns { get; init; }

    /// <summary>The rows in reading order, grouped.</summary>
    public required IReadOnlyList<TableRow> Rows { get; init; }

    /// <summary>The heading of the ratio column, such as "Student against teacher"; null when there is none.</summary>
    public string? RatioTitle { get; init; }

    /// <summary>The table of a run: teacher, student and control, those that there are; of several tasks, all side by side.</summary>
    public static ComparisonTable Of(RunRecord record)
    {
        ArgumentNullException.ThrowIfNull(record);
        return record.Tasks.Count > 0 ? TaskTable.Of(new TasksView(record)) : Of(new RunView(record));
    }

    /// <summary>The table of any models.</summary>
    /// <param name="models">The models, in the order of the columns.</param>
    /// <param name="small">The model shown with its ratios to <paramref name="large"/>; null for none.</param>
    /// <param name="large">The model it is measured against.</param>
    public static ComparisonTable Of(IReadOnlyList<ModelFigures> models, string? small = null, string? large = null)
    {
        ArgumentNullException.ThrowIfNull(models);
        var (s, l) = (models.FirstOrDefault(m => m.Name == small), models.FirstOrDefault(m => m.Name == large));
        return new ComparisonTable
        {
            Columns = [.. models.Select(m => new TableColumn(m.Name, m.Title ?? m.Name))],
            Rows = [.. TableRows.Of(models, s, l)],
            RatioTitle = s is null || l is null ? null : $"{s.Title ?? s.Name} against {(l.Title ?? l.Name).ToLowerInvariant()}",
        };
    }

    internal static ComparisonTable Of(RunView run) => Of([.. run.Models.Where(a => a.HasFigures).Select(a => a.ToFigures())], Arms.Student, Arms.Teacher);
}

/// <summary>A column.</summary>
/// <param name="Key">The model's name.</param>
/// <param name="Title">The heading.</param>
internal sealed record TableColumn(string Key, string Title);

/// <summary>A row.</summary>
/// <param name="Group">What it belongs to: Quality, Size or Speed.</param>
/// <param name="Key">The figure's name, such as <c>accuracy</c> or <c>parameters</c>.</param>
/// <param name="Title">The heading.</param>
/// <param name="Meaning">What it says, in a few words; may be empty.</param>
/// <param name="Cells">One per column.</param>
/// <param name="Ratio">Such as "5.3× smaller"; empty when there is none.</param>
internal sealed record TableRow(string Group, string Key, string Title, string Meaning, IReadOnlyList<TableCell> Cells, string Ratio);

/// <summary>A cell.</summary>
/// <param name="Value">The value in its base unit (share, bytes, milliseconds, samples per second); null when not known.</param>
/// <param name="Text">The value with its unit; "–" when not known.</param>
/// <param name="Spread">"± 0.2" over seeds; empty when there is one seed.</param>
internal sealed record TableCell(double? Value, string Text, string Spread)
{
    /// <summary>A figure that is not known.</summary>
    public static TableCell Unknown { get; } = new(null, "–", "");
}
