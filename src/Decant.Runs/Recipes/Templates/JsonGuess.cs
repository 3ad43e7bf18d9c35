using System.Text;
using System.Text.Json;

namespace Decant.Runs.Recipes.Templates;

/// <summary>Objects of JSON, one on a line or all in one array.</summary>
internal static class JsonGuess
{
    private const int MostRows = 2000;

    public static DataGuess Of(FileHead head)
    {
        var isArray = head.Text.AsSpan().TrimStart().StartsWith("[");
        var objects = (isArray ? Elements(head) : Lines(head)).Take(MostRows).ToList();
        string[] columns = [.. objects.SelectMany(o => o.Keys).Distinct(StringComparer.Ordinal)];
        return ColumnRoles.Fill(new DataGuess
        {
            Kind = "jsonl",
            Words = isArray ? "one JSON array of objects" : "JSON, an object on every line",
            Columns = columns,
            HasAllRows = head.IsWhole && objects.Count < MostRows,
            Rows = [.. objects.Select(o => columns.Select(c => o.GetValueOrDefault(c, "")).ToArray())],
        });
    }

    private static IEnumerable<Dictionary<string, string>> Lines(FileHead head)
    {
        var number = 0;
        foreach (var line in head.Lines())
        {
            number++;
            if (string.IsNullOrWhiteSpace(line)) continue;
            yield return Object(head, number, line);
        }
    }

    private static List<Dictionary<string, string>> Elements(FileHead head)
    {
        var found = new List<Dictionary<string, string>>();
        var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes(head.Text), isFinalBlock: head.IsWhole, default);
        try
        {
            reader.Read();
            while (found.Count < MostRows && reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            {
                if (!JsonDocument.TryParseValue(ref reader, out var element)) break;
                using (element) found.Add(Fields(head, 1, element.RootElement));
            }
        }
        catch (JsonException fault)
        {
            throw new DecantException($"{head.Path}: expected an array of JSON objects: {fault.Message}", ExitCodes.BadInput, fault);
        }

        return found;
    }

    private static Dictionary<string, string> Object(FileHead head, int number, string line)
    {
        try
        {
            using var json = JsonDocument.Parse(line);
            return Fields(head, number, json.RootElement);
        }
        catch (JsonException fault)
        {
            throw new DecantException($"{head.Path}:{number}: expected an object of JSON on every line, or one array of objects: {fault.Message}", ExitCodes.BadInput, fault);
        }
    }

    private static Dictionary<string, string> Fields(FileHead head, int number, JsonElement element)
    {
        if (element.ValueKind != JsonValueKind.Object)
            throw new DecantException($"{head.Path}:{number}: expected objects of JSON, came {element.ValueKind.ToString().ToLowerInvariant()}s; give every sample its fields by name.");
        var fields = new Dictionary<string, string>(StringComparer.Ordinal);
        try
        {
            foreach (var member in element.EnumerateObject())
                fields[member.Name] = member.Value.ValueKind switch { JsonValueKind.String => member.Value.GetString()!, JsonValueKind.Null => "", _ => member.Value.GetRawText() };
        }
        catch (InvalidOperationException fault)
        {
            throw new DecantException($"{head.Path}:{number}: a name or a text has half of a surrogate pair, which is no character; take it out.", ExitCodes.BadInput, fault);
        }

        return fields;
    }
}
