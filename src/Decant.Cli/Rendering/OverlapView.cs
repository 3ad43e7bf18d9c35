using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Decant.Runs.Jobs.Overlapping;
using Spectre.Console;

namespace Decant.Cli.Rendering;

/// <summary>Shows which rows of files overlap.</summary>
internal static class OverlapView
{
    private const int LongestText = 160;
    private static readonly JsonSerializerOptions s_json = new() { WriteIndented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static void Write(IAnsiConsole console, OverlapResult result)
    {
        var table = new Table().Border(TableBorder.None).AddColumns("rows of", "in", "rows", "the same", "near", "passage", "any");
        foreach (var column in table.Columns.Skip(2))
            column.RightAligned();
        foreach (var file in result.Files)
        {
            var (train, with) = Names(result.Train, file.With);
            Add(table, train, with, result.Rows, file.Train);
            Add(table, with, train, file.Rows, file.Tested);
        }

        console.Write(table);
        foreach (var example in result.Files.SelectMany(f => f.Examples))
        {
            console.Write(new StyledText($"\n{Kind(example)}\n", new Style(decoration: Decoration.Bold)));
            TwoColumns.Write(console, [(example.TrainRow, Cut(example.TrainText)), (example.WithRow, Cut(example.WithText))]);
        }
    }

    public static void WriteJson(TextWriter output, OverlapResult result) => output.WriteLine(new JsonObject
    {
        ["train"] = result.Train,
        ["rows"] = result.Rows,
        ["files"] = new JsonArray([.. result.Files.Select(file => new JsonObject
        {
            ["with"] = file.With,
            ["rows"] = file.Rows,
            ["train-rows"] = Counts(file.Train),
            ["rows-in-train"] = Counts(file.Tested),
            ["examples"] = new JsonArray([.. file.Examples.Select(e => new JsonObject
            {
                ["kind"] = e.Kind,
                ["share"] = Math.Round(e.Share, 4),
                ["train-row"] = e.TrainRow,
                ["train-text"] = e.TrainText,
                ["with-row"] = e.WithRow,
                ["with-text"] = e.WithText,
            })]),
        })]),
    }.ToJsonString(s_json));

    // The names alone, where they differ: whole paths would break the table.
    private static (string Train, string With) Names(string train, string with) => Path.GetFileName(train) == Path.GetFileName(with) ? (train, with) : (Path.GetFileName(train), Path.GetFileName(with));

    private static void Add(Table table, string of, string within, int rows, OverlapCounts counts)
    {
        table.AddRow([
            Markup.Escape(of), Markup.Escape(within), Number(rows), Number(counts.Same), Number(counts.Near), Number(counts.Passage),
            $"{Number(counts.Any)} ({(rows == 0 ? 0 : 100.0 * counts.Any / rows).ToString("0.00", CultureInfo.InvariantCulture)} %)"]);
    }

    private static string Kind(OverlapExample example) => example.Kind switch
    {
        "same" => "the same",
        "near" => string.Create(CultureInfo.InvariantCulture, $"near, similarity {example.Share:0.00}"),
        _ => string.Create(CultureInfo.InvariantCulture, $"passage, {100 * example.Share:0} % of the training row"),
    };

    private static JsonObject Counts(OverlapCounts counts) => new() { ["same"] = counts.Same, ["near"] = counts.Near, ["passage"] = counts.Passage };

    private static string Cut(string text) => (text.Length > LongestText ? text[..(char.IsHighSurrogate(text[LongestText - 1]) ? LongestText - 1 : LongestText)] + "…" : text).ReplaceLineEndings(" ");

    private static string Number(int value) => value.ToString("N0", CultureInfo.InvariantCulture);
}
