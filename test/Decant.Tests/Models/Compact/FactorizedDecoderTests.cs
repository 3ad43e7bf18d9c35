using System.Text.Json.Nodes;
using Decant.Export;
using Decant.Export.Onnx;
using Decant.Export.Onnx.Format;
using Decant.Export.Onnx.Running;
using Decant.Export.Onnx.Signatures;
using Decant.Models;
using Decant.Models.Configuration;
using Decant.Models.Decoder;
using Decant.Models.FromTeacher;
using Decant.Models.Gpt2;
using Decant.Models.Llama;
using Decant.Models.Mistral;
using Decant.Models.Qwen2;
using Decant.Models.Qwen3;
using Decant.Modules;
using Decant.Torch;
using Google.Protobuf;

namespace Decant.Tests.Models.Compact;

/// <summary>Decoders with linear layers of a low rank: made from nothing, of a teacher, saved, read on with a cache, exported.</summary>
public sealed class FactorizedDecoderTests : IDisposable
{
    private static readonly long[] s_text = [3, 17, 9, 4, 29];

    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string> Kinds => ["gpt2", "llama", "mistral", "qwen2", "qwen3"];

    public void Dispose() => _folder.Dispose();

    [Theory, MemberData(nameof(Kinds))]
    public void Of_a_teacher_whose_matrices_are_of_that_rank_it_answers_alike(string kind)
    {
        using var scope = TensorScope.Open();
        using var noGrad = Autograd.NoGrad();
        using var teacher = Make(kind);
        Lower(teacher, 4);
        foreach (var part in new[] { new PartOfTeacher { Rank = 4 }, new PartOfTeacher { Energy = 0.999999 }, new PartOfTeacher { Rank = 4, UniqueLayers = 1 } })
        {
            using var whole = part.UniqueLayers is null ? null : StudentFromTeacher.Make(teacher, part with { Rank = null });
            using var student = StudentFromTeacher.Make(teacher, part);
            Assert.Equal(kind + "-compact", ((IConfigured)student).Config.ModelType);
            Assert.True(student.ParameterCount < (whole ?? teacher).ParameterCount);
            Assert.True(student.FlopsPerSample([9]) < teacher.FlopsPerSample([9]));
            var (expected, came) = (Answer(whole ?? teacher), Answer(student));
            Assert.Equal(expected, came, (a, b) => Math.Abs(a - b) < 1e-4);
        }

        using var lower = StudentFromTeacher.Make(teacher, new() { Rank = 3 });
        Assert.True(Answer(teacher).Zip(Answer(lower), (a, b) => Math.Abs(a - b)).Max() > 0.01); // what a rank below leaves out is missed
    }

    [Theory, MemberData(nameof(Kinds))]
    public void Settings_with_full_ranks_compute_as_whole_matrices(string kind)
    {
        using var scope = TensorScope.Open();
        using var noGrad = Autograd.NoGrad();
        using var whole = Make(kind);
        var config = (DecoderConfig)((IConfigured)whole).Config;
        var ranks = config.Blocks.OwnLayers.SelectMany(layer => config.Blocks.Linears.Select(l => (Key: LinearRanks.Key(layer, l), l.MaxRank))).ToDictionary(l => l.Key, l => l.MaxRank);
        using var low = (config with { LinearRanks = ranks }).Build();
        low.Eval();
        var (state, prefix) = (whole.StateDict(), $"{config.Names.Body}.{config.Names.Layers}.");
        foreach (var (name, target) in low.StateDict())
        {
            var path = name.Replace(".reduce.weight", "", StringComparison.Ordinal).Replace(".expand.weight", "", StringComparison.Ordinal).Replace(".expand.bias", "", StringComparison.Ordinal);
            if (path == name)
                target.CopyInPlace(state[name]);
            else if (name.EndsWith("bias", StringComparison.Ordinal))
                target.CopyInPlace(state[path + ".bias"]);
            else
                target.CopyInPlace(Factors(state[path + ".weight"], kind, ranks[path[prefix.Length..]]) is var (left, right) && name.EndsWith("reduce.weight", StringComparison.Ordinal) ? right : left);
        }

        Assert.Equal(Answer(whole), Answer(low), (a, b) => Math.Abs(a - b) < 1e-4);
    }

    [Theory, MemberData(nameof(Kinds))]
    public void Saved_and_loaded_it_reads_on_from_its_cache_as_it_reads_at_once(string kind)
    {
        using var scope = TensorScope.Open();
        using var noGrad = Autograd.NoGrad();
        using var model = Make(kind, rank: 5);
        ModelFolder.Save(_folder.Path, model);
        var json = JsonNode.Parse(File.ReadAllText(Path.Combine(_folder.Path, "config.json")))!;
        Assert.Equal(kind + "-compact", json["model_type"]!.GetValue<string>());
        Assert.StartsWith("Compact", json["architectures"]![0]!.GetValue<string>(), StringComparison.Ordinal);
        using var loaded = (CausalDecoder)ModelFolder.Load(_folder.Path);
        Assert.Equal(Answer(model), Answer(loaded));
        Assert.Contains("rank 5", ((IConfigured)loaded).Config.Summary, StringComparison.Ordinal);
        var expected = Answer(loaded)[^30..];
        using var state = loaded.NewState();
        Tensor? last = null;
        foreach (var token in s_text)
            last = loaded.Next(Tensor.From([token], 1, 1), state);
        Assert.Equal(expected, last!.ToArray<float>(), (a, b) => Math.Abs(a - b) < 1e-5);
    }

    [Theory, MemberData(nameof(Kinds))]
    public void In_ONNX_Runtime_it_answers_alike_and_two_factors_are_two_products(string kind)
    {
        using var model = Make(kind, rank: 5);
        using var whole = Make(kind);
        var signature = GraphSignatures.Of(model);
        var graph = OnnxGraph.Of(model, signature);
        Assert.Contains("past_key_values.0.key", signature.Inputs.Select(i => i.Name));
        var config = (DecoderConfig)((IConfigured)model).Config;
        static bool IsProduct(NodeProto node) => node.OpType is "MatMul" or "Gemm";
        Assert.Equal(config.LinearRanks!.Count, graph.Graph.Node.Count(IsProduct) - OnnxGraph.Of(whole, GraphSignatures.Of(whole)).Graph.Node.Count(IsProduct));
        using var session = OnnxSession.Open(graph.ToByteArray());
        Assert.InRange(OnnxVerification.Run(session, model, signature), 0, 1e-5);
    }

    [Theory]
    [InlineData("gpt2")]
    [InlineData("llama")]
    public void Drawn_factors_have_products_of_the_deviation_that_matrices_are_drawn_with(string kind)
    {
        using var scope = TensorScope.Open();
        using var noGrad = Autograd.NoGrad();
        using var model = Make(kind, rank: 32, hidden: 256);
        var linears = model.NamedModules().Where(m => m.Value is LowRankLinear).ToArray();
        Assert.True(linears.Length >= 8);
        foreach (var (name, _) in linears)
        {
            var product = model.StateDict()[name + ".expand.weight"].MatMul(model.StateDict()[name + ".reduce.weight"]);
            var smaller = kind == "gpt2" && name.EndsWith("c_proj", StringComparison.Ordinal) ? Math.Sqrt(2 * 2) : 1; // of two layers
            Assert.Equal(0.02 / smaller, Math.Sqrt(product.Square().Mean().Item()), 0.002 / smaller);
        }
    }

    [Fact]
    public void What_cannot_be_is_refused_by_name()
    {
        Assert.Contains("rank is 17, and the matrices have ranks up to 16: expected 1 to", Refused(() => Make("gpt2", rank: 17)), StringComparison.Ordinal);
        Assert.Contains("rank is 9, and the matrices have ranks up to 8", Refused(() => Make("llama", rank: 9)), StringComparison.Ordinal); // two heads of 4 for keys
        Assert.Contains("no rank asks for any", Refused(() => Make("llama", which: FactorizedLayers.Attention)), StringComparison.Ordinal);
        using var teacher = Make("llama");
        Assert.Contains("embeddings cut in encoders", Refused(() => StudentFromTeacher.Make(teacher, new() { Rank = 4, Embedding = 4 })), StringComparison.Ordinal);
        Assert.Contains("two factors save nothing", Refused(() => StudentFromTeacher.Make(teacher, new() { Energy = 1 })), StringComparison.Ordinal);
        using var low = Make("llama", rank: 4);
        Assert.Contains("has them in factors, so no part of it can be taken", Refused(() => StudentFromTeacher.Make(low, new() { Layers = 1 })), StringComparison.Ordinal);
        var json = ((IConfigured)low).Config.ToJson();
        json["linear_ranks"]!["0.self_attn.qkv"] = 3;
        Assert.Contains("linear_ranks names '0.self_attn.qkv', which is no linear layer", Refused(() => ModelFamilies.Read(json)), StringComparison.Ordinal);

        using var feedForward = StudentFromTeacher.Make(teacher, new() { Rank = 4, Factorize = FactorizedLayers.FeedForward });
        Assert.Equal(2 * 3, ((DecoderConfig)((IConfigured)feedForward).Config).LinearRanks!.Count);
        Assert.All(((DecoderConfig)((IConfigured)feedForward).Config).LinearRanks!.Keys, key => Assert.Contains(".mlp.", key, StringComparison.Ordinal));
    }

    private static string Refused(Func<object> work) => Assert.Throws<DecantException>(work).Message;

    private static float[] Answer(Model model) => model.Forward(new ModelInput(Tensor.From(s_text, 1, 5))).ToArray<float>();

    // Every matrix of the blocks as the nearest of a rank, twenty times as large so that it matters.
    private static void Lower(Model teacher, int rank)
    {
        var config = (DecoderConfig)((IConfigured)teacher).Config;
        var state = teacher.StateDict();
        foreach (var layer in config.Blocks.OwnLayers)
        {
            foreach (var linear in config.Blocks.Linears)
            {
                var weight = state[$"{config.Names.Body}.{config.Names.Layers}.{layer}.{linear.Name}.weight"];
                var (left, right) = Factors(weight.Mul(20), config.PlainType, rank);
                var product = left.MatMul(right);
                weight.CopyInPlace(config.PlainType == "gpt2" ? product.Transpose(0, 1) : product);
            }
        }
    }

    private static (Tensor Left, Tensor Right) Factors(Tensor weight, string kind, int rank) => new TruncatedSvd(kind == "gpt2" ? weight.Transpose(0, 1) : weight, "a matrix").Factors(rank);

    private static CausalDecoder Make(string kind, int? rank = null, FactorizedLayers which = FactorizedLayers.All, int hidden = 16)
    {
        DecoderOptions options = kind switch
        {
            "gpt2" => new Gpt2Options(),
            "mistral" => new MistralOptions { KeyValueHeads = 2 },
            "qwen2" => new Qwen2Options { KeyValueHeads = 2 },
            "qwen3" => new Qwen3Options { KeyValueHeads = 2 },
            _ => new LlamaOptions { KeyValueHeads = 2 },
        };
        using var generator = new Generator(8);
        options = options with { Layers = 2, Hidden = hidden, Heads = 4, Rank = rank, Factorize = which };
        var model = (CausalDecoder)ModelFamilies.All.Single(f => f.Kind == kind).Create(options, new ModelContext { Task = ModelTask.CausalLanguageModel, Classes = 0, VocabularySize = 30, MaxTokens = 20 }, generator);
        model.Eval();
        return model;
    }
}
