using Decant.Runs.Exporting;
using Decant.Runs.Reports.Record;
using Decant.Runs.Reports.Table;
using Decant.Runs.Running;
using Spectre.Console;

namespace Decant.Cli.Rendering;

/// <summary>What a run came to: the table, the verdict in a sentence, and where everything lies.</summary>
internal static class OutcomeView
{
    public static void Write(IAnsiConsole console, RunResult outcome)
    {
        if (outcome.WasFinished) Sentence.Write(console, "This run is finished: there was nothing left to do.", new Style(decoration: Decoration.Bold));
        ComparisonView.Write(console, ComparisonTable.Of(outcome.Record));
        foreach (var exports in outcome.Record.Events.OfType<ExportMeasured>().GroupBy(e => e.TaskName))
        {
            Sentence.Write(console, (exports.Key is { } task ? $"{task}, as" : "As") + " ONNX files, in ONNX Runtime:");
            ComparisonView.Write(console, ExportTable.Of([.. exports])!);
        }

        var comparisons = outcome.Record.Events.OfType<Comparison>().ToList();
        foreach (var comparison in comparisons) Sentence.Write(console, (comparison.TaskName is { } task ? $"{task}: " : "") + comparison.Sentence, StyleOf(comparison));
        foreach (var group in outcome.Record.Events.OfType<ClassGroupsCompared>().GroupBy(e => e.TaskName).SelectMany(e => e.Last().Groups.Select(g => (e.Key, g.Sentence))))
            if (group.Sentence is { } sentence) Sentence.Write(console, (group.Key is { } task ? $"{task}: " : "") + sentence);
        foreach (var (task, sentence) in outcome.Record.Events.Select(OfTexts).OfType<(string?, string)>()) Sentence.Write(console, (task is null ? "" : $"{task}: ") + sentence);
        foreach (var problem in outcome.Record.Problems) Sentence.Write(console, problem, new Style(Color.Yellow));
        if (comparisons.Count + outcome.Record.Problems.Count > 0) console.WriteLine();
        Sentence.Write(console, $"The run: {outcome.Folder.Root}");
        Sentence.Write(console, $"The report: {outcome.Folder.Report}");
        if (InferenceLine.Of(outcome.Record, Typed(outcome.Folder.Root)) is { } line)
        {
            Sentence.Write(console, "From C#, with the package Decant.Inference, without libtorch:");
            console.WriteLine("  " + line, new Style(Color.Teal));
        }
    }

    private static (string? Task, string Sentence)? OfTexts(RunEvent happened) => happened switch
    {
        TextsCompared compared => (compared.TaskName, compared.Sentence),
        TextsJudged judged => (judged.TaskName, judged.Sentence),
        _ => null,
    };

    // Relative where it lies below the current folder.
    private static string Typed(string root) => Path.GetRelativePath(".", root) is var relative && relative.StartsWith("..", StringComparison.Ordinal) ? root : relative;

    private static Style StyleOf(Comparison comparison) => comparison is not { A: Arms.Student, B: Arms.Control or Arms.Single } ? Style.Plain : comparison.Verdict switch
    {
        "helped" => new Style(Color.Green, decoration: Decoration.Bold),
        "hurt" => new Style(Color.Red, decoration: Decoration.Bold),
        _ => new Style(decoration: Decoration.Bold),
    };
}
