using System.Text;
using System.Text.Json.Nodes;
using Decant.Compression.Quantization;
using Decant.Export;
using Decant.Tests.Models;

namespace Decant.Tests.Fuzz;

/// <summary>What lies in the folders of models: settings of every family, the ends of texts, the modules of sentence-transformers, weights.</summary>
internal static class ModelSeeds
{
    private const string Bert = """
        {"architectures":["BertModel"],"model_type":"bert","vocab_size":30,"hidden_size":8,"num_hidden_layers":1,"num_attention_heads":2,"intermediate_size":16,"max_position_embeddings":16}
        """;

    private const string Modules = """
        [{"idx":0,"name":"0","path":"","type":"sentence_transformers.models.Transformer"},{"idx":1,"name":"1","path":"1_Pooling","type":"sentence_transformers.models.Pooling"},
         {"idx":2,"name":"2","path":"2_Normalize","type":"sentence_transformers.models.Normalize"}]
        """;

    private const string Pooling = """{"word_embedding_dimension":8,"pooling_mode_cls_token":true,"pooling_mode_mean_tokens":false,"pooling_mode_max_tokens":false}""";

    private const string Llama = """
        {"architectures":["LlamaForCausalLM"],"model_type":"llama","vocab_size":30,"hidden_size":8,"num_hidden_layers":1,"num_attention_heads":2,"num_key_value_heads":1,
         "intermediate_size":16,"max_position_embeddings":16,"rms_norm_eps":1e-5,"bos_token_id":1,"eos_token_id":[2,3],"rope_theta":10000.0,"hidden_act":"silu","tie_word_embeddings":false,
         "rope_scaling":{"rope_type":"llama3","factor":8.0,"low_freq_factor":1.0,"high_freq_factor":4.0,"original_max_position_embeddings":8}}
        """;

    private const string Generation = """
        {"bos_token_id":1,"eos_token_id":[2,3],"pad_token_id":0,"do_sample":true,"temperature":0.6,"top_p":0.9,"transformers_version":"4.40","suppress_tokens":[],"min_length":0}
        """;

    private const string Ranges = """
        {"form":"int8","ranges":"learned","per_channel":true,"reduce_range":false,"embeddings":true,"symmetric_activations":false,"calibration":"min-max","percentile":99.99,"exclude":["*.wide"],
         "layers":{"fc.weight":{"input":{"scale":0.0123,"zero_point":117,"axes":3}},"conv.weight":{"input":{"scale":0.5,"zero_point":0,"axes":4},"output":{"scale":0.25,"zero_point":12,"axes":4}}}}
        """;

    public static IEnumerable<FuzzSeed> All()
    {
        foreach (var json in Configs())
            yield return new("model: config.json", ModelFolder.ConfigName, Encoding.UTF8.GetBytes(json), JsonDamage.Of, ReadSettings);
        yield return new("model: generation_config.json", GenerationConfig.FileName, Encoding.UTF8.GetBytes(Generation), JsonDamage.Of, ReadSettings) { Beside = Files((ModelFolder.ConfigName, Llama)) };
        yield return new("model: modules.json", "modules.json", Encoding.UTF8.GetBytes(Modules), JsonDamage.Of, ReadSettings)
        {
            Beside = Files((ModelFolder.ConfigName, Bert), ("1_Pooling/config.json", Pooling)),
        };
        yield return new("model: pooling", "1_Pooling/config.json", Encoding.UTF8.GetBytes(Pooling), JsonDamage.Of, ReadSettings)
        {
            Beside = Files((ModelFolder.ConfigName, Bert), ("modules.json", Modules)),
        };
        yield return new("model: activation_ranges.json", RangesFile.Name, Encoding.UTF8.GetBytes(Ranges), JsonDamage.Of, folder => _ = RangesFile.Find(folder));
        yield return Whole();
    }

    /// <summary>Files of text, for <see cref="FuzzSeed.Beside"/>.</summary>
    public static Dictionary<string, byte[]> Files(params (string Name, string Text)[] files) => files.ToDictionary(f => f.Name, f => Encoding.UTF8.GetBytes(f.Text));

    // What a folder says is read by several, not all of which build the model.
    private static void ReadSettings(string folder)
    {
        _ = StoredClasses.Of(folder);
        var config = ModelFolder.ReadConfig(folder);
        _ = PairMark.IsIn(folder);
        GenerationConfig.CheckServed(folder);
        _ = config.ToJson();
        _ = config.Summary;
    }

    private static IEnumerable<string> Configs()
    {
        using var golden = new TemporaryFolder();
        foreach (string name in Zoo.All)
        {
            using var model = Zoo.Create(name);
            ModelFolder.Save(golden.Path, model);
            yield return File.ReadAllText(Path.Combine(golden.Path, ModelFolder.ConfigName));
        }

        yield return Llama;
        yield return Bert;
        foreach (var type in new[] { "mistral", "qwen2", "qwen3" })
            yield return Without(Llama, "rope_scaling").Replace("\"llama\"", $"\"{type}\"", StringComparison.Ordinal).Replace("LlamaFor", $"{char.ToUpperInvariant(type[0])}{type[1..]}For", StringComparison.Ordinal);
        yield return """{"architectures":["GPT2LMHeadModel"],"model_type":"gpt2","vocab_size":30,"n_embd":8,"n_layer":1,"n_head":2,"n_positions":16,"n_inner":null,"activation_function":"gelu_new","bos_token_id":1,"eos_token_id":2}""";
    }

    private static string Without(string json, string key)
    {
        var made = JsonNode.Parse(json)!.AsObject();
        made.Remove(key);
        return made.ToJsonString();
    }

    /// <summary>A model whose weights are damaged, loaded into the network that its settings say.</summary>
    private static FuzzSeed Whole()
    {
        using var folder = new TemporaryFolder();
        using (var model = Zoo.Create("textcnn"))
            ModelFolder.Save(folder.Path, model);
        var (config, weights) = (File.ReadAllText(Path.Combine(folder.Path, ModelFolder.ConfigName)), File.ReadAllBytes(Path.Combine(folder.Path, ModelFolder.WeightsName)));
        var header = 8 + (int)BitConverter.ToInt64(weights);
        return new("model: weights into a network", ModelFolder.WeightsName, weights[8..header], (good, other, random) => random.Next(3) > 0 ? JsonDamage.Of(good, other, random) : [.. good, .. Enumerable.Repeat((byte)' ', random.Next(1, 9))], path =>
        {
            using var model = ModelFolder.Load(path);
        })
        {
            Wrap = text => [.. BitConverter.GetBytes((long)text.Length), .. text, .. weights[header..]],
            Beside = Files((ModelFolder.ConfigName, config)),
        };
    }
}
