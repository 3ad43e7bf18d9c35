using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Decant.Files;

namespace Decant.Export;

/// <summary>A key of a model's <c>config.json</c> that says that it was trained on pairs of texts; other programs leave it alone.</summary>
internal static class PairMark
{
    private const string Key = "decant_reads_pairs";
    private static readonly JsonSerializerOptions s_json = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Adds the key to a folder's configuration.</summary>
    public static void Write(string folder)
    {
        var file = Path.Combine(folder, ModelFolder.ConfigName);
        var json = JsonContent.Node(file)!.AsObject();
        json[Key] = true;
        var sorted = new JsonObject(json.OrderBy(p => p.Key, StringComparer.Ordinal).Select(p => KeyValuePair.Create(p.Key, p.Value?.DeepClone())));
        AtomicFile.Write(file, System.Text.Encoding.UTF8.GetBytes(sorted.ToJsonString(s_json) + "\n"));
    }

    /// <summary>Whether a folder's configuration has it. The configuration was read before, so it is JSON.</summary>
    public static bool IsIn(string folder) =>
        JsonContent.Node(Path.Combine(folder, ModelFolder.ConfigName)) is JsonObject json && json[Key] is JsonValue value && value.TryGetValue<bool>(out var isSet) && isSet;
}
