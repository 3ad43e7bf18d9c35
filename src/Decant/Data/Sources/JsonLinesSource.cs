using System.Text;
using System.Text.Json;

namespace Decant.Data.Sources;

/// <summary>A file with one JSON object per line, or one array of objects, their fields named like the columns of a CSV file.</summary>
public sealed record JsonlOptions : NamedColumnsOptions
{
    /// <inheritdoc/>
    public override Dataset Open(CancellationToken cancellationToken = default) => RowFile.Open(this, new JsonLinesFormat(this), cancellationToken);
}

internal sealed class JsonLinesFormat(JsonlOptions options) : RowFormat
{
    private readonly NamedColumns _columns = options.Columns();

    public override bool IsPrompt => options.Completion is not null;

    public override IReadOnlyList<string>? Outputs => options.Target;

    public override string? LabelName => _columns.Label?.Name;

    public override bool HasLabelSets => _columns.Cells is not null;

    public override RecordScanner Scan(Stream stream, string file) => JsonArrayScanner.Begins(stream) ? new JsonArrayScanner(stream, file) : base.Scan(stream, file);

    public override Row Read(ReadOnlyMemory<byte> record, Encoding encoding)
    {
        using var document = Parse(TextEncoding.Decode(encoding, record.Span));
        var fields = document.RootElement;
        if (fields.ValueKind != JsonValueKind.Object) throw new RowFaultException($"expected a JSON object, came {Show(fields)}");
        try
        {
            return new Row(
                Required(fields, _columns.Text.Name),
                _columns.Pair is null ? null : Required(fields, _columns.Pair.Name),
                _columns.Label is null || HasLabelSets ? null : Label(fields, _columns.Label.Name),
                _columns.Numbers.Count == 0 ? null : RowNumbers.All([.. _columns.Numbers.Select(column => Number(fields, column.Name))], options.Target!),
                _columns.Cells?.Of([.. _columns.Labels.Select(column => fields.TryGetProperty(column.Name, out var cell) ? cell : (JsonElement?)null)]))
            {
                Context = _columns.Context is { } context ? Optional(fields, context.Name) : null,
                Tag = _columns.Tag is { } tag ? Label(fields, tag.Name) : null,
            };
        }
        catch (InvalidOperationException)
        {
            throw new RowFaultException("the name of a field has half of a surrogate pair, which is no character");
        }
    }

    private static string Required(JsonElement fields, string name) => Text(fields, name) ?? throw new RowFaultException($"the object has no field '{name}'{Others(fields)}");

    private static string? Optional(JsonElement fields, string name) => fields.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Null ? null
        : Required(fields, name) is { Length: > 0 } text ? text : null;

    /// <summary>A number, or null where the field is missing or null.</summary>
    private static float? Number(JsonElement fields, string name)
    {
        if (!fields.TryGetProperty(name, out var value) || value.ValueKind == JsonValueKind.Null) return null;
        if (value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var number) && float.IsFinite((float)number)) return (float)number;
        throw new RowFaultException($"'{name}' must be a number, came {Show(value)}");
    }

    /// <summary>The object of a record.</summary>
    /// <exception cref="RowFaultException">It is not JSON.</exception>
    internal static JsonDocument Parse(string record)
    {
        try
        {
            return JsonDocument.Parse(record);
        }
        catch (JsonException e)
        {
            throw new RowFaultException($"character {e.BytePositionInLine + 1}: this is not JSON, one object per line or an array of objects ({e.Message.Split(" LineNumber:")[0]})");
        }
    }

    private static string? Text(JsonElement fields, string name)
    {
        if (!fields.TryGetProperty(name, out var value)) return null;
        if (value.ValueKind != JsonValueKind.String) throw new RowFaultException($"'{name}' must be a string, came {Show(value)}");
        return GetString(value, name);
    }

    private static string? Label(JsonElement fields, string name)
    {
        if (!fields.TryGetProperty(name, out var value)) return null;
        return value.ValueKind switch
        {
            JsonValueKind.Null => null,
            JsonValueKind.String => NullIfEmpty(GetString(value, name)),
            JsonValueKind.True => "true",
            JsonValueKind.False => "false",
            JsonValueKind.Number when value.TryGetInt64(out var number) => number.ToString(System.Globalization.CultureInfo.InvariantCulture),
            _ => throw new RowFaultException($"'{name}' must be the name or the number of a class, came {Show(value)}"),
        };
    }

    private static string GetString(JsonElement value, string name)
    {
        try
        {
            return value.GetString()!;
        }
        catch (InvalidOperationException)
        {
            throw new RowFaultException($"'{name}' has half of a surrogate pair, which is no character");
        }
    }

    private static string Others(JsonElement fields) => $"; it has {string.Join(", ", fields.EnumerateObject().Select(field => $"'{field.Name}'"))}";

    /// <summary>The beginning of a value, for messages.</summary>
    internal static string Show(JsonElement value)
    {
        var text = value.GetRawText();
        return text.Length > 40 ? text[..40] + "…" : text;
    }
}
