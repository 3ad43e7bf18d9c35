using System.Text.Json;
using System.Text.Json.Nodes;

namespace Decant.Text.Configuration;

/// <summary>Templates written as in tokenizer.json.</summary>
internal static class Templates
{
    /// <summary>[CLS] A [SEP], and [CLS] A [SEP] B [SEP] with the last two of type 1.</summary>
    public static JsonElement Bert(string begin, int beginId, string end, int endId) => Write(
        [(begin, 0), ("A", 0), (end, 0)], [(begin, 0), ("A", 0), (end, 0), ("B", 1), (end, 1)], [(begin, beginId), (end, endId)]);

    /// <summary>&lt;s&gt; A &lt;/s&gt;, and &lt;s&gt; A &lt;/s&gt; &lt;/s&gt; B &lt;/s&gt;, all of type 0.</summary>
    public static JsonElement Roberta(string begin, int beginId, string end, int endId) => TokenizerParts.Json(
        new JsonObject { ["type"] = "RobertaProcessing", ["sep"] = new JsonArray(end, endId), ["cls"] = new JsonArray(begin, beginId), ["trim_offsets"] = true, ["add_prefix_space"] = false });

    /// <summary>A token before or after each text, where there is one.</summary>
    public static JsonElement? Around((string Token, int Id)? begin, (string Token, int Id)? end)
    {
        if (begin is null && end is null) return null;
        (string, int)[] single = [.. Part("A", 0)];
        return Write(single, [.. single, .. Part("B", 1)], [.. new[] { begin, end }.OfType<(string, int)>()]);

        IEnumerable<(string, int)> Part(string text, int type)
        {
            if (begin is { } first) yield return (first.Token, type);
            yield return (text, type);
            if (end is { } last) yield return (last.Token, type);
        }
    }

    private static JsonElement Write((string Id, int Type)[] single, (string Id, int Type)[] pair, (string Token, int Id)[] tokens)
    {
        using var memory = new MemoryStream();
        using (var json = new Utf8JsonWriter(memory))
        {
            json.WriteStartObject();
            json.WriteString("type", "TemplateProcessing");
            WritePieces(json, "single", single);
            WritePieces(json, "pair", pair);
            json.WriteStartObject("special_tokens");
            foreach (var (token, id) in tokens)
            {
                json.WriteStartObject(token);
                json.WriteString("id", token);
                json.WriteStartArray("ids");
                json.WriteNumberValue(id);
                json.WriteEndArray();
                json.WriteStartArray("tokens");
                json.WriteStringValue(token);
                json.WriteEndArray();
                json.WriteEndObject();
            }

            json.WriteEndObject();
            json.WriteEndObject();
        }

        return TokenizerParts.Json(System.Text.Encoding.UTF8.GetString(memory.ToArray()));
    }

    private static void WritePieces(Utf8JsonWriter json, string name, (string Id, int Type)[] pieces)
    {
        json.WriteStartArray(name);
        foreach (var (id, type) in pieces)
        {
            json.WriteStartObject();
            json.WriteStartObject(id is "A" or "B" ? "Sequence" : "SpecialToken");
            json.WriteString("id", id);
            json.WriteNumber("type_id", type);
            json.WriteEndObject();
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
