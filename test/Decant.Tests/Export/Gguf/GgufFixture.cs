using System.Text.Json.Nodes;
using Decant.Export.Gguf;
using Decant.Models;
using Decant.Models.Configuration;
using Decant.Modules;
using Decant.Text;
using Decant.Text.Files;
using Decant.Text.Training;
using Decant.Torch;

namespace Decant.Tests.Export.Gguf;

/// <summary>Small models and tokenizers that are written as GGUF files.</summary>
internal static class GgufFixture
{
    private static readonly Lazy<string[]> s_texts = new(() => [.. File.ReadLines(RealData.Find("sst2/stsa.binary.test")).Select(line => line[2..])]);

    /// <summary>Sentences of reviews.</summary>
    public static string[] Texts => s_texts.Value;

    /// <summary>A trained tokenizer of bytes, of 400 tokens.</summary>
    public static ITokenizer Bytes { get; } = new ByteBpeOptions { Vocabulary = 400 }.Train(Texts.Take(300));

    /// <summary>Llama's tokenizer of 512 tokens.</summary>
    public static ITokenizer Pieces { get; } = TokenizerFile.Load(RealData.Find("stories260K/hf"));

    /// <summary>BERT's, of English without case.</summary>
    public static ITokenizer Words { get; } = TokenizerFile.Load(RealData.Find("bert-base-uncased"));

    /// <summary>A model of a <c>config.json</c>, its weights drawn large enough that answers differ, biases and norms too.</summary>
    public static Model Model(JsonObject config, ulong seed = 1)
    {
        using var generator = new Generator(seed);
        var model = ModelFamilies.Read(config).Build(generator);
        Redraw(model, generator);
        return model;
    }

    /// <summary>Draws all weights anew.</summary>
    public static void Redraw(Model model, Generator generator)
    {
        using var scope = TensorScope.Open();
        using var noGrad = Autograd.NoGrad();
        foreach (var (name, weight) in model.NamedParameters().DistinctBy(p => p.Value))
        {
            var drawn = Tensor.Randn([.. weight.Shape], generator).Mul(weight.Dimensions > 1 ? 0.15 : 0.1);
            weight.CopyInPlace(name.Contains("norm", StringComparison.OrdinalIgnoreCase) && name.EndsWith("weight", StringComparison.Ordinal) || name.Contains("ln_", StringComparison.Ordinal) && name.EndsWith("weight", StringComparison.Ordinal) ? drawn + 1 : drawn);
        }

        model.Eval();
    }

    /// <summary>Settings of a decoder with the tokens of <see cref="Bytes"/>.</summary>
    public static JsonObject Decoder(string type, string further = "{}", int vocabulary = 400)
    {
        var config = JsonNode.Parse(type == "gpt2"
            ? """{"model_type":"gpt2","architectures":["GPT2LMHeadModel"],"n_embd":64,"n_layer":2,"n_head":4,"n_positions":128}"""
            : $$"""{"model_type":"{{type}}","architectures":["{{type switch { "llama" => "Llama", "mistral" => "Mistral", "qwen2" => "Qwen2", _ => "Qwen3" }}}ForCausalLM"],"hidden_size":64,"intermediate_size":96,"num_hidden_layers":2,"num_attention_heads":4,"num_key_value_heads":2,"head_dim":16,"max_position_embeddings":128,"rms_norm_eps":1e-5,"sliding_window":null}""")!.AsObject();
        config["vocab_size"] = vocabulary;
        config["eos_token_id"] = 3;
        foreach (var (key, value) in JsonNode.Parse(further)!.AsObject())
            config[key] = value?.DeepClone();
        return config;
    }

    /// <summary>Settings of an encoder with BERT's tokens.</summary>
    public static JsonObject Encoder(string type, string further = "{}")
    {
        var config = JsonNode.Parse(type == "bert"
            ? """{"model_type":"bert","architectures":["BertModel"],"vocab_size":30522,"hidden_size":64,"num_hidden_layers":2,"num_attention_heads":4,"intermediate_size":96,"max_position_embeddings":64}"""
            : """{"model_type":"distilbert","architectures":["DistilBertModel"],"vocab_size":30522,"dim":64,"n_layers":2,"n_heads":4,"hidden_dim":96,"max_position_embeddings":64}""")!.AsObject();
        foreach (var (key, value) in JsonNode.Parse(further)!.AsObject())
            config[key] = value?.DeepClone();
        return config;
    }

    /// <summary>The model's own logits behind every token.</summary>
    public static float[][] Logits(Model model, int[] ids)
    {
        using var scope = TensorScope.Open();
        using var noGrad = Autograd.NoGrad();
        var logits = model.Forward(new ModelInput(Tensor.From(ids.Select(id => (long)id).ToArray(), 1, ids.Length)));
        return [.. logits.ToArray<float>().Chunk(model.Classes)];
    }

    /// <summary>The model's own vector of a text.</summary>
    public static float[] Vector(Model model, ITokenizer tokenizer, string text)
    {
        using var scope = TensorScope.Open();
        using var noGrad = Autograd.NoGrad();
        var ids = tokenizer.EncodeForModel(text, null, 64).Ids;
        return model.Forward(new ModelInput(Tensor.From(ids.Select(id => (long)id).ToArray(), 1, ids.Length))).ToArray<float>();
    }

    /// <summary>Writes a model into a folder.</summary>
    public static GgufExportReport Write(TemporaryFolder folder, Model model, ITokenizer tokenizer, GgufExportOptions? options = null) =>
        GgufExport.Save(Path.Combine(folder.Path, $"{Guid.NewGuid():N}.gguf"), model, tokenizer, options);
}
