using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Decant.Files;
using Decant.Models.Configuration;
using Decant.Models.Encoders;

namespace Decant.Export.Sentences;

/// <summary>Writes what sentence-transformers wants beside an encoder's <c>config.json</c> to make its vectors: the list of modules, and the settings of the pooling.</summary>
internal static class SentenceModulesFile
{
    private const string Namespace = "sentence_transformers.models.";
    private static readonly JsonSerializerOptions s_json = new() { WriteIndented = true };

    private static readonly (EncoderPooling Pooling, string Key)[] s_modes =
    [
        (EncoderPooling.First, "pooling_mode_cls_token"), (EncoderPooling.Mean, "pooling_mode_mean_tokens"), (EncoderPooling.Max, "pooling_mode_max_tokens"), (EncoderPooling.Last, "pooling_mode_lasttoken"),
    ];

    /// <summary>Writes <c>modules.json</c> and <c>1_Pooling/config.json</c>; of models that make no vectors, and of other families, nothing.</summary>
    /// <param name="folder">The model's folder.</param>
    /// <param name="config">The settings that stand in it.</param>
    public static void Write(string folder, ModelConfig config)
    {
        if (config is not EncoderConfig { Task: ModelTask.Embedding } encoder)
            return;
        var settings = new JsonObject { ["word_embedding_dimension"] = encoder.Shape.Width };
        foreach (var (pooling, key) in s_modes)
            settings[key] = encoder.PoolingOfTask == pooling;
        var modules = new JsonArray(Module(0, "Transformer", ""), Module(1, "Pooling", SentenceModules.PoolingFolder));
        if (encoder.Normalize)
            modules.Add(Module(2, "Normalize", "2_Normalize"));
        Directory.CreateDirectory(Path.Combine(folder, SentenceModules.PoolingFolder));
        Put(Path.Combine(folder, SentenceModules.PoolingFolder, ModelFolder.ConfigName), settings);
        Put(Path.Combine(folder, SentenceModules.ListName), modules);
    }

    private static JsonNode Module(int index, string kind, string path) => new JsonObject { ["idx"] = index, ["name"] = $"{index}", ["path"] = path, ["type"] = Namespace + kind };

    private static void Put(string path, JsonNode json) => AtomicFile.Write(path, Encoding.UTF8.GetBytes(json.ToJsonString(s_json) + "\n"));
}
