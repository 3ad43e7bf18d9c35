using System.Globalization;
using Decant.Runs.Jobs;
using Spectre.Console;

namespace Decant.Cli.Rendering;

/// <summary>The variants of a study side by side.</summary>
internal static class StudyView
{
    public static void Write(IAnsiConsole console, StudyResult result, string folder)
    {
        var table = new Table { Border = console.Profile.Capabilities.Ansi ? TableBorder.Rounded : TableBorder.Simple, UseSafeBorder = false };
        foreach (var title in new[] { "", result.Metric, $"− {result.Reference ?? "control"}", "", $"− {result.Rows[0].Name}", "", "training" })
            table.AddColumn(new TableColumn(new StyledText(title, new Style(decoration: Decoration.Bold))));
        if (result.Teacher is { } teacher)
            Add("teacher", StudyText.Of(result, teacher));
        foreach (var (arm, figure) in result.Baselines) Add(arm, StudyText.Of(result, figure));
        table.AddEmptyRow();
        foreach (var row in result.Rows)
        {
            Add(row.Name, row.Text + StudyText.Spread(result, row.Figure), row.AgainstControl?.Text ?? "–", row.AgainstControl is { } c ? StudyText.Mark(c) : "", row.AgainstFirst?.Text ?? "–", row.AgainstFirst is { } d ? StudyText.Mark(d) : "",
                string.Create(CultureInfo.InvariantCulture, $"{row.TrainingSeconds:0} s"));
        }

        console.Write(table);
        Sentence.Write(console, StudyText.Note(result));
        if (result.HasSizes)
        {
            var sizes = new Table { Border = table.Border, UseSafeBorder = false };
            foreach (var title in StudyText.SizeTitles(result))
                sizes.AddColumn(new TableColumn(new StyledText(title, new Style(decoration: Decoration.Bold))));
            foreach (var size in result.Sizes)
                sizes.AddRow(StudyText.Cells(result, size).Select(cell => new StyledText(cell)));
            console.Write(sizes);
            Sentence.Write(console, StudyText.SizeNote(result));
        }

        Sentence.Write(console, $"The study: {folder} (study.md, study.json, a run for each variant and seed)");

        void Add(params string[] cells) => table.AddRow(cells.Concat(Enumerable.Repeat("", 7 - cells.Length)).Select(cell => new StyledText(cell)));
    }
}
