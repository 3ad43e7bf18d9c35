using System.Globalization;
using Decant.Runs.Jobs.Exporting;
using Spectre.Console;

namespace Decant.Cli.Rendering;

/// <summary>Shows what was exported.</summary>
internal static class ExportView
{
    public static void Write(IAnsiConsole console, ExportResult result)
    {
        var table = new Table().Border(TableBorder.None).AddColumns("form", "file", "size", "of float32");
        foreach (var column in table.Columns.Skip(2))
            column.RightAligned();
        foreach (var form in result.Forms)
        {
            table.AddRow(
                Markup.Escape(form.Form), Markup.Escape(form.File), string.Create(CultureInfo.InvariantCulture, $"{form.Bytes / 1e6:0.00} MB"),
                string.Create(CultureInfo.InvariantCulture, $"{(double)form.Bytes / result.Forms[0].Bytes:P0}"));
        }

        console.Write(table);
        foreach (var note in result.Forms.SelectMany(f => f.Notes.Select(n => $"{f.Form}: {n}")))
            console.WriteLine(note);
        console.WriteLine($"In {result.Folder}. Each file was run in ONNX Runtime; float32 gave the model's own answers.");
    }

    public static void Write(IAnsiConsole console, TableExportResult result)
    {
        console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{result.Tokens:N0} rows in {result.Rows}, {result.Bytes / 1e6:0.00} MB; {result.AllBytes / 1e6:0.00} MB with the tokenizer."));
        console.WriteLine($"In {result.Folder}. model2vec, sentence-transformers (float rows) and Decant.Inference open it.");
    }

    public static void Write(IAnsiConsole console, CSharpExportResult result)
    {
        console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{string.Join(", ", result.Files)}, and the model in {result.Form}, {result.Bytes / 1e6:0.00} MB."));
        console.WriteLine($"In {result.Folder}. README.md there shows how it is called.");
    }
}
