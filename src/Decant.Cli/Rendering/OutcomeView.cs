using Decant.Reports;
using Spectre.Console;

namespace Decant.Cli;

/// <summary>What a run came to: the table, the verdict in a sentence, and where everything lies.</summary>
internal static class OutcomeView
{
    public static void Write(IAnsiConsole console, RunOutcome outcome)
    {
        ComparisonView.Write(console, ComparisonTable.Of(outcome.Record));
        var comparisons = outcome.Record.Events.OfType<Compared>().ToList();
        foreach (var comparison in comparisons) console.Write(new StyledText(comparison.Sentence + "\n", StyleOf(comparison)));
        foreach (var problem in outcome.Record.Problems) console.Write(new StyledText(problem + "\n", new Style(Color.Yellow)));
        if (comparisons.Count + outcome.Record.Problems.Count > 0) console.WriteLine();
        console.Write(new StyledText($"The run: {outcome.Folder}\n"));
        if (outcome.Report is { } report) console.Write(new StyledText($"The report: {report}\n"));
    }

    private static Style StyleOf(Compared comparison) => comparison.A != Arms.Student ? Style.Plain : comparison.Verdict switch
    {
        "helped" => new Style(Color.Green, decoration: Decoration.Bold),
        "hurt" => new Style(Color.Red, decoration: Decoration.Bold),
        _ => new Style(decoration: Decoration.Bold),
    };
}
