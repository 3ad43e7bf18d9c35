using System.Text;
using Decant.Files;
using Decant.Runs.Reports.Record;
using Decant.Runs.Reports.Table;
using Decant.Runs.Reports.View;

namespace Decant.Runs.Reports.Cards;

/// <summary>The card of an exported student, <c>README.md</c> in its folder, as model hubs show it: what it was distilled from, the data, the figures, the files, the licences.</summary>
internal static class ModelCard
{
    /// <summary>The file's name.</summary>
    public const string FileName = "README.md";

    /// <summary>Writes the cards of a run: one for each student that was exported.</summary>
    /// <param name="record">The run's record.</param>
    /// <param name="root">The run's folder.</param>
    public static void Write(RunRecord record, string root)
    {
        ArgumentNullException.ThrowIfNull(record);
        RunView[] views = record.Tasks.Count == 0 ? [new RunView(record)] : [.. new TasksView(record).Tasks.Select(t => t.Value)];
        foreach (var run in views.Where(r => r.Exports.Any(e => e.File is not null)))
        {
            var folder = Path.Combine(root, Path.GetDirectoryName(Path.GetDirectoryName(run.Exports.First(e => e.File is not null).File))!);
            AtomicFile.Write(Path.Combine(folder, FileName), Encoding.UTF8.GetBytes(Of(run)));
        }
    }

    /// <summary>The card.</summary>
    internal static string Of(RunView run)
    {
        var (text, facts) = (new StringBuilder(), CardFacts.Of(run));
        text.Append($"---\ntags:\n- distillation\n- onnx\n{(facts.Pipeline is { } pipeline ? $"pipeline_tag: {pipeline}\n" : "")}---\n\n");
        text.Append($"# {Plain(run.Started?.Name ?? "student")}\n\n");
        if (run.Started?.About is { Length: > 0 } about)
            text.Append(Plain(about)).Append("\n\n");
        text.Append($"A student of {facts.Student}, distilled by Decant from a teacher of {facts.Teacher}.\n\n");
        text.Append($"- **Data**: {facts.Data}\n- **Measured** on {facts.Test}\n- **Licences**: {facts.Licences}\n");
        text.Append($"- **Recipe**, seeds and the whole report: `recipe.yaml`, `report.html` and `record.jsonl` of the run\n\n");
        if (run.Verdict is { } verdict)
            text.Append("## Did distillation help?\n\n").Append(Plain(verdict.Sentence)).Append(".\n\n");
        Table(text, "As it was trained", ComparisonTable.Of(run));
        if (ExportTable.Of(run.Exports) is { } exports)
            Table(text, "As ONNX files, in ONNX Runtime", exports);
        Files(text, run);
        return text.ToString();
    }

    private static void Table(StringBuilder text, string title, ComparisonTable table)
    {
        text.Append($"## {title}\n\n| |").AppendJoin('|', table.Columns.Select(c => $" {c.Title} ")).Append("|\n|---|").AppendJoin("", table.Columns.Select(_ => "---:|")).Append('\n');
        foreach (var row in table.Rows)
            text.Append($"| {row.Title} |").AppendJoin('|', row.Cells.Select(c => $" {c.Text}{(c.Spread.Length > 0 ? " " + c.Spread : "")} ")).Append("|\n");
        text.Append('\n');
    }

    private static void Files(StringBuilder text, RunView run)
    {
        text.Append("## Files\n\n");
        foreach (var export in run.Exports.Where(e => e.File is not null))
            text.Append($"- `onnx/{Path.GetFileName(export.File)}`: {export.Form}, {Words.Bytes(export.Bytes)}\n");
        text.Append("- `model.safetensors`: the weights as they were trained\n");
    }

    // One line, with nothing in it that Markdown reads as more than text.
    private static string Plain(string text) => string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)).Replace("<", "&lt;", StringComparison.Ordinal).Replace("|", "\\|", StringComparison.Ordinal);
}
