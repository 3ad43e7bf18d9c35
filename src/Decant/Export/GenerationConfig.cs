using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Decant.Files;
using Decant.Models.Configuration;

namespace Decant.Export;

/// <summary>
/// The <c>generation_config.json</c> of a model that continues texts, in Hugging Face's manner: the tokens that begin, end and fill up texts, which count before those of
/// <c>config.json</c>. How tokens are drawn (<c>do_sample</c>, <c>temperature</c>, <c>top_p</c>, lengths) is an option where texts are generated, and not read here.
/// </summary>
internal static class GenerationConfig
{
    public const string FileName = "generation_config.json";

    private static readonly JsonSerializerOptions s_json = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes the file.</summary>
    public static void Write(string folder, ICausalConfig config)
    {
        var json = new JsonObject();
        if (config.BosTokenId is { } begin)
            json["bos_token_id"] = begin;
        if (config.EosTokenIds.Count > 0)
            json["eos_token_id"] = config.EosTokenIds is [var end] ? end : new JsonArray([.. config.EosTokenIds.Select(id => (JsonNode)id)]);
        if (config.PadTokenId is { } pad)
            json["pad_token_id"] = pad;
        AtomicFile.Write(Path.Combine(folder, FileName), Encoding.UTF8.GetBytes(json.ToJsonString(s_json) + "\n"));
    }

    /// <summary>The settings with the ends that the folder's file names, where there is one that names some.</summary>
    /// <exception cref="DecantException">The file is damaged, or names tokens that the model does not know.</exception>
    public static ModelConfig Apply(string folder, ModelConfig config)
    {
        if (config is not ICausalConfig causal || Read(folder) is not { } json)
            return config;
        var path = Path.Combine(folder, FileName);
        var begins = Ids(json["bos_token_id"], "bos_token_id", path);
        var ends = Ids(json["eos_token_id"], "eos_token_id", path);
        var size = config.ToJson()["vocab_size"]!.GetValue<int>();
        if (ends.Concat(begins).Where(id => id < 0 || id >= size).ToArray() is [var unknown, ..])
            throw new DecantException($"{path} names the token {unknown}; the model knows the ids 0 to {size - 1}. The file is another model's.");
        return causal.With(begins is [var begin, ..] ? begin : causal.BosTokenId, ends.Count > 0 ? ends : causal.EosTokenIds);
    }

    /// <summary>Refuses a file that asks for a way of generating that is not served.</summary>
    /// <exception cref="DecantException">It does: what, and where.</exception>
    public static void CheckServed(string folder)
    {
        if (Read(folder) is { } json)
            GenerationKeys.CheckServed(Path.Combine(folder, FileName), json);
    }

    private static JsonObject? Read(string folder)
    {
        var path = Path.Combine(folder, FileName);
        if (!Path.Exists(path))
            return null;
        try
        {
            PlaceholderFile.Refuse(path);
            return JsonContent.Node(path) as JsonObject ?? throw new DecantException($"{path} is no JSON object.");
        }
        catch (Exception error) when (error is JsonException or ArgumentException)
        {
            throw new DecantException($"{path} is no valid JSON: {error.Message}", inner: error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new DecantException($"{path} cannot be read: {error.Message}", inner: error);
        }
    }

    private static List<int> Ids(JsonNode? node, string key, string path)
    {
        var ids = new List<int>();
        foreach (var item in node is JsonArray several ? several : [node?.DeepClone()])
        {
            if (item is JsonValue value && value.TryGetValue<int>(out var id))
                ids.Add(id);
            else if (item is not null)
                throw new DecantException($"{path}: {key} is {(node!.ToJsonString() is { Length: > 80 } text ? text[..80] + "…" : node.ToJsonString())}; expected the number of a token, or a list of such numbers.");
        }

        return ids;
    }
}
