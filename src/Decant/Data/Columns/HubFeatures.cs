using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Decant.Files;

namespace Decant.Data.Columns;

/// <summary>The names of classes that a data set of the Hugging Face hub says in its files, for columns of class numbers and of lists of them.</summary>
internal static class HubFeatures
{
    private const string Key = "huggingface";

    /// <summary>The names by column; empty where the file says nothing of the kind.</summary>
    /// <exception cref="DecantException">What it says is no JSON, or no list of names.</exception>
    public static IReadOnlyDictionary<string, IReadOnlyList<string>> Names(ParquetFile file)
    {
        var names = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);
        if (file.Metadata(Key) is not { } text) return names;
        try
        {
            var bytes = Encoding.UTF8.GetBytes(text);
            JsonContent.Require(bytes);
            if (((JsonNode.Parse(bytes) as JsonObject)?["info"] as JsonObject)?["features"] is not JsonObject features) return names;
            foreach (var (column, feature) in features)
                if (Of(feature) is { } found) names[column] = found;
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or FormatException or ArgumentException)
        {
            throw file.Damaged($"its metadata '{Key}' cannot be read: {error.Message}", error);
        }

        return names;
    }

    /// <summary>Those of a <c>ClassLabel</c>, or of a list of them in any of the three ways that it is written.</summary>
    private static List<string>? Of(JsonNode? feature) => feature switch
    {
        JsonObject o when (string?)o["_type"] == "ClassLabel" && o["names"] is JsonArray names => [.. names.Select(n => (string?)n ?? throw new FormatException("the name of a class is null"))],
        JsonObject o when o["feature"] is { } inner => Of(inner),
        JsonArray { Count: 1 } list => Of(list[0]),
        _ => null,
    };
}
