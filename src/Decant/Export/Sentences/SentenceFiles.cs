using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Decant.Files;
using Decant.Models.Encoders;

namespace Decant.Export.Sentences;

/// <summary>Writes what sentence-transformers has beside a model: which modules make a text's vector, and how long a text may be.</summary>
internal static class SentenceFiles
{
    private const string Prefix = "sentence_transformers.models.";
    private static readonly JsonSerializerOptions s_json = new() { WriteIndented = true };

    /// <summary>Writes <c>modules.json</c>, <c>1_Pooling</c>, <c>2_Normalize</c> where vectors are divided by their length, and <c>sentence_bert_config.json</c>.</summary>
    /// <param name="folder">The model's folder.</param>
    /// <param name="pooling">How the states become one vector.</param>
    /// <param name="normalize">Whether it is divided by its length.</param>
    /// <param name="width">The width of a state.</param>
    /// <param name="maxTokens">The most tokens of a text, special ones included.</param>
    public static void Write(string folder, EncoderPooling pooling, bool normalize, int width, int maxTokens)
    {
        var modules = new JsonArray(Module(0, "", "Transformer"), Module(1, "1_Pooling", "Pooling"));
        Put(folder, "1_Pooling/config.json", new JsonObject
        {
            ["word_embedding_dimension"] = width,
            ["pooling_mode_cls_token"] = pooling == EncoderPooling.First,
            ["pooling_mode_mean_tokens"] = pooling == EncoderPooling.Mean,
            ["pooling_mode_max_tokens"] = false,
            ["pooling_mode_mean_sqrt_len_tokens"] = false,
        });
        if (normalize)
        {
            modules.Add(Module(2, "2_Normalize", "Normalize"));
            Directory.CreateDirectory(Path.Combine(folder, "2_Normalize"));
        }

        Put(folder, "sentence_bert_config.json", new JsonObject { ["max_seq_length"] = maxTokens, ["do_lower_case"] = false });
        Put(folder, "modules.json", modules);
    }

    private static JsonObject Module(int number, string path, string kind) => new() { ["idx"] = number, ["name"] = $"{number}", ["path"] = path, ["type"] = Prefix + kind };

    private static void Put(string folder, string name, JsonNode content)
    {
        var path = Path.Combine(folder, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        AtomicFile.Write(path, Encoding.UTF8.GetBytes(content.ToJsonString(s_json) + "\n"));
    }
}
