using System.Text;
using System.Text.Json;

namespace Decant.Recipes;

/// <summary>What a data file looks like: the source that reads it, and for rows the columns of text and label.</summary>
internal sealed record DataGuess
{
    private const int HeadBytes = 64 * 1024;
    private static readonly string[] TextNames = ["text", "sentence", "review", "content", "body", "comment", "message", "title", "question", "query", "文本", "内容", "评论", "句子"];
    private static readonly string[] LabelNames = ["label", "class", "category", "target", "sentiment", "intent", "tag", "topic", "y", "标签", "类别", "分类"];

    /// <summary>The kind of the source.</summary>
    public required string Kind { get; init; }

    /// <summary>Whether it holds images.</summary>
    public bool IsImages { get; init; }

    /// <summary>The names of its columns; empty where it has none.</summary>
    public IReadOnlyList<string> Columns { get; init; } = [];

    /// <summary>The column of the text, when one looks like it.</summary>
    public string? Text { get; init; }

    /// <summary>The column of the label, when one looks like it.</summary>
    public string? Label { get; init; }

    public static DataGuess Of(string path)
    {
        var name = Path.GetFileName(path).ToLowerInvariant();
        if (name.EndsWith(".gz", StringComparison.Ordinal)) name = name[..^3];
        if (name.Contains("idx3", StringComparison.Ordinal) || name.Contains("idx4", StringComparison.Ordinal) || name.EndsWith(".idx", StringComparison.Ordinal))
            return new DataGuess { Kind = "idx", IsImages = true };
        return Path.GetExtension(name) switch
        {
            ".csv" => WithColumns("csv", Header(path, ',')),
            ".tsv" or ".tab" => WithColumns("tsv", Header(path, '\t')),
            ".jsonl" or ".ndjson" => WithColumns("jsonl", Members(path)),
            ".bin" => new DataGuess { Kind = "cifar", IsImages = true },
            _ => new DataGuess { Kind = "labelled-lines" },
        };
    }

    private static DataGuess WithColumns(string kind, IReadOnlyList<string> columns)
    {
        var label = Pick(columns, LabelNames);
        var text = Pick([.. columns.Where(c => c != label)], TextNames);
        // Two columns of which one is known leave no doubt about the other.
        if (columns.Count == 2) (text, label) = (text ?? (label is null ? null : columns.First(c => c != label)), label ?? (text is null ? null : columns.First(c => c != text)));
        return new DataGuess { Kind = kind, Columns = columns, Text = text, Label = label };
    }

    private static string? Pick(IReadOnlyList<string> columns, string[] names) =>
        names.Select(n => columns.FirstOrDefault(c => c.Equals(n, StringComparison.OrdinalIgnoreCase))).FirstOrDefault(c => c is not null)
        ?? names.Where(n => n.Length > 1).Select(n => columns.FirstOrDefault(c => c.Contains(n, StringComparison.OrdinalIgnoreCase))).FirstOrDefault(c => c is not null);

    private static List<string> Header(string path, char delimiter)
    {
        var columns = new List<string>();
        var column = new StringBuilder();
        var inQuotes = false;
        foreach (var c in FirstLine(path))
        {
            if (c == '"' && delimiter == ',') inQuotes = !inQuotes;
            else if (c == delimiter && !inQuotes) Next();
            else column.Append(c);
        }

        Next();
        return columns;

        void Next()
        {
            columns.Add(column.ToString().Trim());
            column.Clear();
        }
    }

    private static IReadOnlyList<string> Members(string path)
    {
        try
        {
            using var json = JsonDocument.Parse(FirstLine(path));
            return json.RootElement.ValueKind is JsonValueKind.Object ? [.. json.RootElement.EnumerateObject().Select(m => m.Name)] : [];
        }
        catch (JsonException fault)
        {
            throw new DecantException($"{path}:1: expected an object of JSON on every line: {fault.Message}", ExitCodes.BadInput, fault);
        }
    }

    private static string FirstLine(string path)
    {
        try
        {
            using var file = File.OpenRead(path);
            var head = new byte[HeadBytes];
            var read = file.ReadAtLeast(head, HeadBytes, throwOnEndOfStream: false);
            var text = Encoding.UTF8.GetString(head, 0, read).TrimStart('\uFEFF');
            var end = text.AsSpan().IndexOfAny('\r', '\n');
            if (text.Length == 0 || end == 0) throw new DecantException($"{path}: expected a first line that names the columns, came {(read == 0 ? "an empty file" : "an empty line")}.");
            return end < 0 ? text : text[..end];
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new DecantException($"{path}: the data cannot be read: {fault.Message}", ExitCodes.BadInput, fault);
        }
    }
}
