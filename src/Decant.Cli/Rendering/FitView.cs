using Decant.Runs.Fitting;
using Spectre.Console;

namespace Decant.Cli.Rendering;

/// <summary>The students that were trained to find one within a budget, side by side.</summary>
internal static class FitView
{
    public static void Write(IAnsiConsole console, FitResult result, string folder)
    {
        var table = new Table { Border = console.Profile.Capabilities.Ansi ? TableBorder.Rounded : TableBorder.Simple, UseSafeBorder = false };
        foreach (var title in FitText.Titles(result))
            table.AddColumn(new TableColumn(new StyledText(title, new Style(decoration: Decoration.Bold))));
        foreach (var row in result.Rows)
            table.AddRow(FitText.Cells(row, result).Select(cell => new StyledText(cell, row == result.Chosen ? new Style(decoration: Decoration.Bold) : Style.Plain)));
        console.Write(table);
        Sentence.Write(console, FitText.Summary(result));
        Sentence.Write(console, $"Chosen: {result.Chosen.Name}. Its recipe: {Path.Combine(folder, "recipe.yaml")}; the search: {folder} (fit.md, fit.json, a run for each candidate).");
    }
}
