using System.Text.Json;
using System.Text.Json.Nodes;
using Decant.Files;

namespace Decant.Inference.Folders;

/// <summary>Reads the JSON files of a model's folder.</summary>
internal static class SettingsFile
{
    /// <summary>The object in a file; null where the file is not there.</summary>
    /// <exception cref="DecantException">It is something else: a link to another file, a web page, no JSON, no object; the message begins with the path.</exception>
    public static JsonObject? Read(string file) => Node(file) is { } node ? node as JsonObject ?? throw new DecantException($"{file}: expected a JSON object, came {Shown(node)}.") : null;

    /// <summary>The list in a file; null where the file is not there.</summary>
    /// <inheritdoc cref="Read" path="/exception"/>
    public static JsonArray? ReadList(string file) => Node(file) is { } node ? node as JsonArray ?? throw new DecantException($"{file}: expected a JSON list, came {Shown(node)}.") : null;

    /// <summary>The ids of tokens under a key: a number, or a list of numbers; empty where the key is left out.</summary>
    /// <exception cref="DecantException">It is something else.</exception>
    public static IReadOnlyList<int> Tokens(string file, JsonObject json, string key)
    {
        var ids = new List<int>();
        foreach (var item in json[key] is JsonArray several ? several.ToArray() : [json[key]])
        {
            if (item is JsonValue value && value.TryGetValue<int>(out var id))
                ids.Add(id);
            else if (item is not null)
                throw new DecantException($"{file}: {key}: expected the number of a token, or a list of such numbers, came {Shown(json[key])}.");
        }

        return ids;
    }

    /// <summary>A value for a message.</summary>
    public static string Shown(JsonNode? node)
    {
        var text = node?.ToJsonString() ?? "null";
        return text.Length > 80 ? text[..80] + "…" : text;
    }

    private static JsonNode? Node(string file)
    {
        if (!Path.Exists(file))
            return null;
        try
        {
            PlaceholderFile.Refuse(file);
            return JsonContent.Node(file) ?? throw new DecantException($"{file}: expected settings, came null.");
        }
        catch (Exception error) when (error is JsonException or ArgumentException)
        {
            throw new DecantException($"{file} is no valid JSON: {error.Message}", inner: error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new DecantException($"{file} cannot be read: {error.Message}", inner: error);
        }
    }
}
