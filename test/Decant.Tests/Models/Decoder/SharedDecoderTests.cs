using System.Text.Json.Nodes;
using Decant.Export;
using Decant.Export.Onnx;
using Decant.Export.Onnx.Running;
using Decant.Export.Onnx.Signatures;
using Decant.Models;
using Decant.Models.Configuration;
using Decant.Models.Decoder;
using Decant.Models.Gpt2;
using Decant.Models.Llama;
using Decant.Models.Qwen3;
using Decant.Modules;
using Decant.Torch;
using Google.Protobuf;

namespace Decant.Tests.Models.Decoder;

/// <summary>Decoders whose layers share weights: every layer keeps keys and values of its own.</summary>
public sealed class SharedDecoderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string> Kinds => ["gpt2", "llama", "qwen3"];

    public void Dispose() => _folder.Dispose();

    [Theory, MemberData(nameof(Kinds))]
    public void Saved_and_loaded_it_reads_on_from_its_cache_as_it_reads_at_once(string kind)
    {
        using var scope = TensorScope.Open();
        using var noGrad = Autograd.NoGrad();
        using var model = Shared(kind);
        using var apart = Make(kind, new LlamaOptions());
        Assert.Equal(apart.ParameterCount / 2, model.ParameterCount, 0.25 * apart.ParameterCount);
        ModelFolder.Save(_folder.Path, model);
        Assert.Equal(kind + "-compact", JsonNode.Parse(File.ReadAllText(Path.Combine(_folder.Path, "config.json")))!["model_type"]!.GetValue<string>());
        using var loaded = (CausalDecoder)ModelFolder.Load(_folder.Path);
        loaded.Eval();
        Assert.Equal(model.ParameterCount, loaded.ParameterCount);
        long[] text = [3, 17, 9, 4, 29];
        var expected = loaded.Forward(new ModelInput(Tensor.From(text, 1, 5))).ToArray<float>()[^30..];
        using var state = loaded.NewState();
        Tensor? last = null;
        foreach (var token in text)
            last = loaded.Next(Tensor.From([token], 1, 1), state);
        var came = last!.ToArray<float>();
        for (var i = 0; i < came.Length; i++)
            Assert.Equal(expected[i], came[i], 1e-5f);
    }

    [Theory, MemberData(nameof(Kinds))]
    public void In_ONNX_Runtime_it_answers_alike(string kind)
    {
        using var model = Shared(kind);
        var signature = GraphSignatures.Of(model);
        using var session = OnnxSession.Open(OnnxGraph.Of(model, signature).ToByteArray());
        Assert.InRange(OnnxVerification.Run(session, model, signature), 0, 1e-5);
    }

    [Fact]
    public void Layers_that_differ_in_what_they_see_do_not_share()
    {
        using var model = Shared("qwen3");
        var json = ((IConfigured)model).Config.ToJson();
        json["use_sliding_window"] = true;
        json["layer_types"] = new JsonArray("full_attention", "sliding_attention", "sliding_attention", "sliding_attention");
        Assert.Contains("share_layers gives layer 1 the weights of layer 0, and one of them sees a window", Assert.Throws<DecantException>(() => ModelFamilies.Read(json)).Message);
        using var gpt = Shared("gpt2");
        json = ((IConfigured)gpt).Config.ToJson();
        json["scale_attn_by_inverse_layer_idx"] = true;
        Assert.Contains("scale_attn_by_inverse_layer_idx", Assert.Throws<DecantException>(() => ModelFamilies.Read(json)).Message);
        Assert.Contains("share-layers has 1 numbers", Assert.Throws<DecantException>(() => Make("llama", new LlamaOptions { ShareLayers = [0] })).Message);
    }

    private static Model Shared(string kind) => Make(kind, new LlamaOptions { ShareLayers = [0, 0, 1, 1] });

    private static Model Make(string kind, LlamaOptions sharing)
    {
        DecoderOptions options = kind switch { "gpt2" => new Gpt2Options(), "qwen3" => new Qwen3Options(), _ => new LlamaOptions() };
        options = options with { Layers = 4, Hidden = 16, Heads = 4, ShareLayers = sharing.ShareLayers };
        var model = ModelFamilies.All.Single(f => f.Kind == kind).Create(options, new ModelContext { Task = ModelTask.CausalLanguageModel, Classes = 0, VocabularySize = 30, MaxTokens = 20 });
        model.Eval();
        return model;
    }
}
