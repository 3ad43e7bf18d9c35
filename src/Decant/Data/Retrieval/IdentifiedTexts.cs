using System.Text.Json;

namespace Decant.Data.Retrieval;

/// <summary>Texts with ids: queries, or the documents they are answered by.</summary>
/// <param name="Ids">[N], each once.</param>
/// <param name="Texts">[N]; a document's title stands before it.</param>
internal sealed record IdentifiedTexts(IReadOnlyList<string> Ids, IReadOnlyList<string> Texts)
{
    /// <summary>Reads a file: JSON lines with <c>_id</c> or <c>id</c>, <c>text</c> and perhaps <c>title</c>, as BEIR has them, known by the file's ending (<c>.jsonl</c>, <c>.json</c>, <c>.ndjson</c>) or by a first line that begins with <c>{</c>; else an id, a tab and a text on each line.</summary>
    /// <exception cref="DecantException">A line is something else, a text is blank, or an id stands twice: the file, the line and what was expected.</exception>
    public static IdentifiedTexts Read(string file)
    {
        var isJson = Path.GetExtension(file).ToLowerInvariant() is ".jsonl" or ".json" or ".ndjson" || TextLines.Of(file).FirstOrDefault().Line?.TrimStart().StartsWith('{') == true;
        var (ids, texts, seen) = (new List<string>(), new List<string>(), new HashSet<string>(StringComparer.Ordinal));
        foreach (var (line, number) in TextLines.Of(file))
        {
            var where = $"{file}:{number}";
            var (id, text) = isJson ? FromJson(line, where) : FromColumns(line, where);
            if (!seen.Add(id))
                throw new DecantException($"{where}: the id '{id}' stood in an earlier line already; expected every id once. Take one of the two out.");
            if (string.IsNullOrWhiteSpace(text))
                throw new DecantException($"{where}: '{id}' has no text; give it one, or take the line out.");
            ids.Add(id);
            texts.Add(text);
        }

        return ids.Count > 0 ? new(ids, texts) : throw new DecantException($"{file} has no texts; expected a line for each.");
    }

    private static (string Id, string Text) FromColumns(string line, string where)
    {
        var tab = line.IndexOf('\t', StringComparison.Ordinal);
        return tab > 0 ? (line[..tab].Trim(), line[(tab + 1)..]) : throw new DecantException($"{where}: expected an id, a tab and a text, came {(tab == 0 ? "no id" : "a line without a tab")}.");
    }

    private static (string Id, string Text) FromJson(string line, string where)
    {
        try
        {
            using var document = JsonDocument.Parse(line);
            var root = document.RootElement;
            var id = root.ValueKind != JsonValueKind.Object ? null : Field(root, "_id") ?? Field(root, "id");
            if (id is null || Field(root, "text") is not { } text)
                throw new DecantException($"{where}: expected an object with '_id' (or 'id') and 'text', came {(line.Length > 80 ? line[..80] + "…" : line)}");
            return (id, Field(root, "title") is { Length: > 0 } title ? $"{title} {text}" : text);
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            throw new DecantException($"{where}: expected a JSON object on the line: {error.Message}", inner: error);
        }
    }

    private static string? Field(JsonElement fields, string name) => !fields.TryGetProperty(name, out var value) ? null : value.ValueKind switch
    {
        JsonValueKind.String => value.GetString(),
        JsonValueKind.Number => value.GetRawText(),
        _ => null,
    };
}
