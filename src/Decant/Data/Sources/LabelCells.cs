using System.Text.Json;

namespace Decant.Data.Sources;

/// <summary>How the cells of a row become its labels.</summary>
/// <param name="columns">The columns: one that lists labels, or several of which each is one.</param>
/// <param name="separator">What stands between two labels in a cell.</param>
internal sealed class LabelCells(IReadOnlyList<string> columns, string separator)
{
    /// <summary>The labels of a row of texts.</summary>
    /// <param name="cells">One for each column.</param>
    /// <returns>Null: the row is unlabelled, since all of its cells are empty.</returns>
    /// <exception cref="RowFaultException">A cell is no list of names, or neither 0 nor 1.</exception>
    public IReadOnlyList<string>? Of(IReadOnlyList<string> cells)
    {
        if (cells.All(string.IsNullOrWhiteSpace)) return null;
        return columns.Count == 1 ? Listed(cells[0].Trim()) : [.. columns.Where((column, i) => IsSet(cells[i].Trim(), column))];
    }

    /// <summary>The labels of a row of JSON values.</summary>
    /// <param name="cells">One for each column; null where a field is missing.</param>
    /// <exception cref="RowFaultException">A cell is no list of names, or neither 0 nor 1.</exception>
    public IReadOnlyList<string>? Of(IReadOnlyList<JsonElement?> cells)
    {
        if (cells.All(cell => cell is null or { ValueKind: JsonValueKind.Null })) return null;
        return columns.Count == 1 ? Listed(cells[0]!.Value) : [.. columns.Where((column, i) => IsSet(cells[i] is { } cell ? Word(cell, column) : "", column))];
    }

    private static bool IsSet(string cell, string column) => cell.ToLowerInvariant() switch
    {
        "1" or "1.0" or "true" => true,
        "" or "0" or "0.0" or "false" => false,
        _ => throw new RowFaultException($"'{column}' must be 1 or 0, came '{(cell.Length > 40 ? cell[..40] + "…" : cell)}'; with several columns in 'labels' each is a label that a row has or not"),
    };

    private IReadOnlyList<string> Listed(string cell)
    {
        if (!cell.StartsWith('[')) return Names(cell.Split(separator));
        try
        {
            using var document = JsonDocument.Parse(cell);
            return Listed(document.RootElement);
        }
        catch (JsonException)
        {
            throw new RowFaultException($"'{columns[0]}' begins like a JSON array and is none: {(cell.Length > 40 ? cell[..40] + "…" : cell)}");
        }
    }

    private IReadOnlyList<string> Listed(JsonElement cell) => cell.ValueKind switch
    {
        JsonValueKind.Array => Names([.. cell.EnumerateArray().Select(item => item.ValueKind == JsonValueKind.Array
            ? throw new RowFaultException($"'{columns[0]}' holds lists of lists; expected a list of names, such as [\"a\", \"b\"]") : Word(item, columns[0]))]),
        JsonValueKind.String => Names(cell.GetString()!.Split(separator)),
        _ => Names([Word(cell, columns[0])]),
    };

    private static string[] Names(IEnumerable<string> names) => [.. names.Select(name => name.Trim()).Where(name => name.Length > 0)];

    private static string Word(JsonElement value, string column) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString()!,
        JsonValueKind.Number => value.GetRawText(),
        JsonValueKind.True => "true",
        JsonValueKind.False => "false",
        JsonValueKind.Null => "",
        _ => throw new RowFaultException($"'{column}' must hold names or numbers of labels, came an object"),
    };
}
