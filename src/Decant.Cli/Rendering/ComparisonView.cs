using Decant.Runs.Jobs;
using Decant.Runs.Reports.Table;
using Spectre.Console;

namespace Decant.Cli.Rendering;

/// <summary>Models side by side.</summary>
internal static class ComparisonView
{
    public static void Write(IAnsiConsole console, EvaluationResult measured)
    {
        Write(console, ComparisonTable.Of(measured.Models));
        foreach (var comparison in measured.Comparisons) Sentence.Write(console, comparison.Sentence);
    }

    public static void Write(IAnsiConsole console, ComparisonTable table)
    {
        var drawn = new Table { Border = console.Profile.Capabilities.Ansi ? TableBorder.Rounded : TableBorder.Simple, UseSafeBorder = false };
        drawn.AddColumn("");
        foreach (var column in table.Columns) drawn.AddColumn(new Spectre.Console.TableColumn(new StyledText(column.Title, new Style(decoration: Decoration.Bold))).RightAligned());
        if (table.RatioTitle is { } ratio) drawn.AddColumn(new Spectre.Console.TableColumn(new StyledText(ratio)));

        string? group = null;
        foreach (var row in table.Rows)
        {
            if (group is not null && group != row.Group) drawn.AddEmptyRow();
            group = row.Group;
            drawn.AddRow(Cells(table, row));
        }

        console.Write(drawn);
    }

    private static IEnumerable<StyledText> Cells(ComparisonTable table, Decant.Runs.Reports.Table.TableRow row)
    {
        yield return new StyledText(row.Title);
        foreach (var cell in row.Cells) yield return new StyledText(cell.Spread.Length > 0 ? $"{cell.Text} {cell.Spread}" : cell.Text);
        if (table.RatioTitle is not null) yield return new StyledText(row.Ratio);
    }
}
