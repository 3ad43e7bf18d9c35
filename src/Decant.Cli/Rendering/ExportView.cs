using System.Globalization;
using Decant.Runs.Jobs.Exporting;
using Decant.Text;
using Spectre.Console;

namespace Decant.Cli.Rendering;

/// <summary>Shows what was exported.</summary>
internal static class ExportView
{
    private const int Named = 5; // of the words that were left out for one reason

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
        if (result.Added.Count > 0)
            console.WriteLine($"{string.Join(", ", result.Added)} {(result.Added.Count == 1 ? "was" : "were")} missing in the model's folder and {(result.Added.Count == 1 ? "stands" : "stand")} there now, for other programs; no other file was changed.");
        console.WriteLine($"In {result.Folder}. Each file was run in ONNX Runtime; float32 gave the model's own answers.");
    }

    public static void Write(IAnsiConsole console, GgufExportResult result)
    {
        foreach (var file in result.Files)
            console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{file.Name}  {file.Bytes / 1e6:0.00} MB, {file.Closeness}"));
        foreach (var note in result.Files.SelectMany(f => f.Notes.Select(n => (File: f.Name, Note: n))).GroupBy(n => n.Note))
            console.WriteLine($"{(note.Count() == result.Files.Count ? "" : string.Join(", ", note.Select(n => n.File)) + ": ")}{note.Key}.");
        console.WriteLine($"In {result.Folder}. Each file was run in llama.cpp; what is built on it opens them: LLamaSharp, Ollama, LM Studio, node-llama-cpp.");
    }

    public static void Write(IAnsiConsole console, TableExportResult result)
    {
        console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{result.Tokens:N0} rows in {result.Rows}, {result.Bytes / 1e6:0.00} MB; {result.AllBytes / 1e6:0.00} MB with the tokenizer."));
        if (result.Words + result.LeftOut.Count is > 0 and var given)
            console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{result.Words:N0} of {given:N0} words have rows of their own{(result.LeftOut.Count > 0 ? $"; left out: {string.Join("; ", result.LeftOut.GroupBy(w => w.Why).Select(LeftOut))}" : "")}."));
        console.WriteLine($"In {result.Folder}. model2vec, sentence-transformers (float rows) and Decant.Inference open it.");
    }

    private static string LeftOut(IGrouping<string, LeftOutWord> words) =>
        $"{string.Join(", ", words.Take(Named).Select(w => $"'{w.Word}'"))}{(words.Count() > Named ? string.Create(CultureInfo.InvariantCulture, $" and {words.Count() - Named:N0} more") : "")} ({words.Key})";

    public static void Write(IAnsiConsole console, CSharpExportResult result)
    {
        console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{string.Join(", ", result.Files)}, and the model in {result.Form}, {result.Bytes / 1e6:0.00} MB."));
        console.WriteLine($"In {result.Folder}. README.md there shows how it is called.");
    }
}
