using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text;
using System.Text.Json;
using Decant.Data.Labels;
using Decant.Data.Sources;

namespace Decant.Data.Rankings;

/// <summary>
/// Queries with documents that are to be put in order: one JSON object on each line, with the query, the documents that answer it and others that do not; or with all of its documents and a grade for each.
/// </summary>
public sealed record RankingsOptions : TextFileOptions
{
    /// <summary>The field of the query, a string.</summary>
    [Description("field of the query")]
    public string Query { get; init; } = "query";

    /// <summary>The field of the relevant documents: a string or an array of strings, at least one; their grade is 1. Not read with <see cref="Grades"/>.</summary>
    [Description("field of the relevant documents, a string or an array of strings")]
    public string Positives { get; init; } = "positives";

    /// <summary>The field of the other documents: a string or an array of strings, at least one; their grade is 0. Not read with <see cref="Grades"/>.</summary>
    [Description("field of the documents that are not relevant, a string or an array of strings")]
    public string Negatives { get; init; } = "negatives";

    /// <summary>The most documents of <see cref="Negatives"/> that are taken of a query, the first ones; null: all.</summary>
    [Description("maximum number of documents that are not relevant per query, the first ones; absent: all")]
    [Range(1, 10_000)]
    public int? MaxNegatives { get; init; }

    /// <summary>The field of all documents, an array of strings, with <see cref="Grades"/>.</summary>
    [Description("field of all documents, where there is a 'grades'")]
    public string Documents { get; init; } = "documents";

    /// <summary>The field of the documents' grades, an array of as many numbers, 0 or more; null: <see cref="Positives"/> and <see cref="Negatives"/> are read. A query without the field is unlabelled.</summary>
    [Description("field of the grades of 'documents', instead of 'positives' and 'negatives': numbers, 0 where a document is not relevant")]
    public string? Grades { get; init; }

    /// <inheritdoc/>
    /// <exception cref="DecantException">A line is something else, or a query has no relevant document or no other: the file, the line and what was expected.</exception>
    public override Dataset Open(CancellationToken cancellationToken = default)
    {
        if (Classes is not null) throw new DecantException($"{File}: 'classes' is for labels that are classes, and the documents of a query have grades; leave it out.");
        if (Grades is not null && MaxNegatives is not null) throw new DecantException($"{File}: 'max-negatives' goes with 'negatives', and with 'grades' all documents are taken; leave one of the two out.");
        return RowFile.Open(this, new RankingsFormat(this), cancellationToken);
    }
}

internal sealed class RankingsFormat(RankingsOptions options) : RowFormat
{
    private const int Named = 8;

    /// <inheritdoc/>
    public override bool HasRankings => true;

    /// <inheritdoc/>
    public override RecordScanner Scan(Stream stream, string file) => JsonArrayScanner.Begins(stream) ? new JsonArrayScanner(stream, file) : base.Scan(stream, file);

    /// <inheritdoc/>
    public override Row Read(ReadOnlyMemory<byte> record, Encoding encoding)
    {
        using var document = JsonLinesFormat.Parse(TextEncoding.Decode(encoding, record.Span));
        var fields = document.RootElement;
        if (fields.ValueKind != JsonValueKind.Object) throw new RowFaultException($"expected a JSON object with a query and its documents, came {JsonLinesFormat.Show(fields)}");
        try
        {
            var query = Word(Field(fields, options.Query) ?? throw Missing(fields, options.Query), options.Query);
            var (documents, grades) = options.Grades is { } key ? Graded(fields, key) : Judged(fields);
            if (!string.IsNullOrWhiteSpace(query) && RankingCheck.Fault(new RankingContent(query, documents), grades) is { } fault)
                throw new RowFaultException(fault);
            return new Row(query, null, null) { Documents = documents, Grades = grades };
        }
        catch (InvalidOperationException)
        {
            throw new RowFaultException("a string has half of a surrogate pair, which is no character");
        }
    }

    private (IReadOnlyList<string> Documents, float[] Grades) Judged(JsonElement fields)
    {
        var relevant = Words(Field(fields, options.Positives) ?? throw Missing(fields, options.Positives), options.Positives);
        if (relevant.Count == 0) throw new RowFaultException($"'{options.Positives}' is empty: nothing can be learned or measured with a query that no document answers; name one, or take the query out");
        var others = Words(Field(fields, options.Negatives) ?? throw Missing(fields, options.Negatives), options.Negatives).Take(options.MaxNegatives ?? int.MaxValue).ToArray();
        if (relevant.Intersect(others, StringComparer.Ordinal).FirstOrDefault() is { } both)
            throw new RowFaultException($"the document '{ClassList.Short(both)}' is among '{options.Positives}' and '{options.Negatives}'; take it out of one of them");
        return ([.. relevant, .. others], [.. relevant.Select(_ => 1f), .. others.Select(_ => 0f)]);
    }

    private (IReadOnlyList<string> Documents, float[]? Grades) Graded(JsonElement fields, string key)
    {
        var documents = Words(Field(fields, options.Documents) ?? throw Missing(fields, options.Documents), options.Documents);
        if (Field(fields, key) is not { } grades) return (documents, null);
        if (grades.ValueKind != JsonValueKind.Array) throw new RowFaultException($"'{key}' must be an array of numbers, came {JsonLinesFormat.Show(grades)}");
        return (documents, [.. grades.EnumerateArray().Select(grade => grade.ValueKind == JsonValueKind.Number && grade.TryGetSingle(out var number) ? number
            : throw new RowFaultException($"'{key}' must be an array of numbers, and holds {JsonLinesFormat.Show(grade)}"))]);
    }

    private static JsonElement? Field(JsonElement fields, string name) => fields.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;

    private static IReadOnlyList<string> Words(JsonElement value, string name) => value.ValueKind == JsonValueKind.Array
        ? [.. value.EnumerateArray().Select(item => Word(item, name))]
        : [Word(value, name)];

    private static string Word(JsonElement value, string name) => value.ValueKind == JsonValueKind.String ? value.GetString()!
        : throw new RowFaultException($"'{name}' must hold text, came {JsonLinesFormat.Show(value)}");

    private static RowFaultException Missing(JsonElement fields, string name)
    {
        var names = fields.EnumerateObject().Select(field => $"'{field.Name}'").ToArray();
        return new($"the object has no field '{name}'; it has {string.Join(", ", names.Take(Named))}{(names.Length > Named ? ", …" : "")}. Say which field it is in the recipe");
    }
}
