using System.Text.Json.Nodes;
using Decant.Export;
using Decant.Export.Safetensors;
using Decant.Models;
using Decant.Models.Configuration;
using Decant.Models.Decoder;
using Decant.Models.Gpt2;
using Decant.Models.Llama;
using Decant.Modules;
using Decant.Tests.Modules;
using Decant.Torch;

namespace Decant.Tests.Models.Decoder;

public class DecoderTests
{
    [Theory, MemberData(nameof(DecoderCases.All), MemberType = typeof(DecoderCases))]
    public void Read_piece_by_piece_a_text_has_the_logits_of_the_whole(string name)
    {
        using var golden = GoldenCase.Open(name);
        using var model = DecoderCases.Load(name, golden);
        var tokens = golden["values"];
        var (batch, length) = (tokens.Size(0), tokens.Size(1));
        var whole = model.Forward(new ModelInput(tokens)).View(batch, length, -1);
        using var state = model.NewState();
        // The angles of dynamic rotations change with the length: the whole of each length is its own.
        for (var read = 0L; read < length;)
        {
            var piece = Math.Min(read == 0 ? 3 : read % 2 + 1, length - read);
            var next = model.Next(tokens.Narrow(1, read, piece), state);
            read += piece;
            Assert.Equal(read, state.Length);
            var expected = name == "llama-dynamic" ? model.Forward(new ModelInput(tokens.Narrow(1, 0, read))).View(batch, read, -1) : whole;
            GoldenCase.Close(expected.Select(1, read - 1), next, $"{name} after {read}", 1e-5);
        }
    }

    [Theory, MemberData(nameof(DecoderCases.All), MemberType = typeof(DecoderCases))]
    public void Padding_on_the_left_changes_nothing_for_what_comes_next(string name)
    {
        using var golden = GoldenCase.Open(name);
        using var model = DecoderCases.Load(name, golden);
        var tokens = golden["values"].Narrow(0, 0, 1).Expand(3, -1).Clone(); // the same text three times, its beginning hidden more and more
        var length = tokens.Size(1);
        var mask = Tensor.From(Enumerable.Range(0, 3).SelectMany(row => Enumerable.Range(0, (int)length - 2).Select(t => t >= 2 * row)).ToArray(), 3, length - 2);
        using var state = model.NewState();
        model.Next(tokens.Narrow(1, 0, length - 2), state, mask);
        model.Next(tokens.Narrow(1, length - 2, 1), state);
        var together = model.Next(tokens.Narrow(1, length - 1, 1), state);
        // With dynamic rotations the longest text of a batch decides for all, as in other implementations.
        for (var row = 0; row < (name == "llama-dynamic" ? 1 : 3); row++)
        {
            var alone = model.Forward(new ModelInput(tokens.Narrow(0, row, 1).Narrow(1, 2 * row, length - (2 * row))));
            GoldenCase.Close(alone.Narrow(0, alone.Size(0) - 1, 1), together.Narrow(0, row, 1), $"{name} row {row}", 1e-5);
        }
    }

    [Theory, MemberData(nameof(DecoderCases.All), MemberType = typeof(DecoderCases))]
    public void A_saved_folder_loads_again_to_identical_logits(string name)
    {
        using var folder = new TemporaryFolder();
        using var golden = GoldenCase.Open(name);
        using var model = DecoderCases.Load(name, golden);
        ModelFolder.Save(folder.Path, model);
        using var again = ModelFolder.Load(folder.Path);
        Assert.Equal(((IConfigured)model).Config.ToJson().ToJsonString(), ((IConfigured)again).Config.ToJson().ToJsonString());
        Assert.Equal(model.Forward(DecoderCases.Input(golden)).ToArray<float>(), again.Forward(DecoderCases.Input(golden)).ToArray<float>());
        using var file = SafetensorsFile.Open(Path.Combine(folder.Path, ModelFolder.WeightsName));
        Assert.Equal(golden.Under("state").Keys.Order(StringComparer.Ordinal), file.Entries.Keys.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Weights_in_bfloat16_are_read()
    {
        using var folder = new TemporaryFolder();
        using var golden = GoldenCase.Open("llama");
        using var model = DecoderCases.Load("llama", golden);
        ModelFolder.Save(folder.Path, model);
        var coarse = model.StateDict().ToDictionary(w => w.Key, w => w.Value.Detach().To(DType.BFloat16));
        SafetensorsWriter.Write(Path.Combine(folder.Path, ModelFolder.WeightsName), coarse);
        using var again = ModelFolder.Load(folder.Path);
        model.LoadStateDict(coarse);
        Assert.Equal(model.Forward(DecoderCases.Input(golden)).ToArray<float>(), again.Forward(DecoderCases.Input(golden)).ToArray<float>());
    }

    [Theory, MemberData(nameof(DecoderCases.All), MemberType = typeof(DecoderCases))]
    public void Padding_at_the_end_needs_no_mask_at_all(string name)
    {
        using var golden = GoldenCase.Open(name);
        using var model = DecoderCases.Load(name, golden);
        var tokens = golden["values"];
        var (batch, length) = (tokens.Size(0), tokens.Size(1));
        var mask = Tensor.From(Enumerable.Range(0, (int)(batch * length)).Select(i => i % length < length - 2).ToArray(), batch, length);
        var asked = Tensor.From(Enumerable.Range(0, (int)batch).Select(row => (row * length) + length - 3).ToArray());
        var without = model.Forward(new ModelInput(tokens, Positions: asked));
        Assert.Equal(without.ToArray<float>(), model.Forward(new ModelInput(tokens, mask, Positions: asked)).ToArray<float>());
    }

    [Theory, MemberData(nameof(DecoderCases.All), MemberType = typeof(DecoderCases))]
    public void Steps_leave_no_tensor_behind(string name)
    {
        var before = Tensor.LiveCount;
        using (var golden = GoldenCase.Open(name))
        using (var model = DecoderCases.Load(name, golden))
        {
            Step();
            var after = Tensor.LiveCount;
            for (var i = 0; i < 3; i++)
                Step();
            Assert.Equal(after, Tensor.LiveCount);

            void Step()
            {
                using var scope = TensorScope.Open();
                var made = scope.Count;
                var logits = model.Forward(DecoderCases.Input(golden));
                Assert.Equal(made + 1, scope.Count);
                logits.Sum().Backward();
                using var state = model.NewState();
                model.Next(golden["values"].Narrow(1, 0, 2), state);
                model.Next(golden["values"].Narrow(1, 2, 1), state);
            }
        }

        Assert.Equal(before, Tensor.LiveCount);
    }

    [Fact]
    public void GPT_2_has_its_published_size_and_names()
    {
        var json = new JsonObject { ["model_type"] = "gpt2", ["vocab_size"] = 50257, ["n_layer"] = 1 };
        using var model = ModelFamilies.Read(json).Build();
        // 124,439,808 of 12 layers, of which each has 7,087,872.
        Assert.Equal(124_439_808 - (11 * 7_087_872), model.ParameterCount);
        string[] names =
        [
            "transformer.h.0.attn.c_attn.bias", "transformer.h.0.attn.c_attn.weight", "transformer.h.0.attn.c_proj.bias", "transformer.h.0.attn.c_proj.weight",
            "transformer.h.0.ln_1.bias", "transformer.h.0.ln_1.weight", "transformer.h.0.ln_2.bias", "transformer.h.0.ln_2.weight",
            "transformer.h.0.mlp.c_fc.bias", "transformer.h.0.mlp.c_fc.weight", "transformer.h.0.mlp.c_proj.bias", "transformer.h.0.mlp.c_proj.weight",
            "transformer.ln_f.bias", "transformer.ln_f.weight", "transformer.wpe.weight", "transformer.wte.weight",
        ];
        Assert.Equal(names, model.StateDict().Keys);
        Assert.Equal([768, 2304], model.StateDict()["transformer.h.0.attn.c_attn.weight"].Shape);
    }

    [Fact]
    public void Weights_are_drawn_as_published_and_sums_over_layers_stay_small()
    {
        using var generator = new Generator(3);
        var context = new ModelContext { Task = ModelTask.CausalLanguageModel, Classes = 0, VocabularySize = 50, MaxTokens = 16 };
        using var model = ModelFamilies.All.Single(f => f.Kind == "gpt2").Create(new Gpt2Options { Layers = 8, Hidden = 64 }, context, generator);
        var weights = model.StateDict();
        Assert.InRange(Deviation("transformer.h.1.mlp.c_fc.weight"), 0.0196, 0.0204);
        Assert.InRange(Deviation("transformer.h.1.mlp.c_proj.weight"), 0.0048, 0.0052);
        Assert.InRange(Deviation("transformer.h.1.attn.c_proj.weight"), 0.0048, 0.0052);
        Assert.Equal(0, weights["transformer.h.1.attn.c_attn.bias"].Abs().Sum().Item());

        double Deviation(string name) => Math.Sqrt(weights[name].Square().Mean().Item());
    }

    [Fact]
    public void Operations_are_those_counted_by_hand()
    {
        var context = new ModelContext { Task = ModelTask.CausalLanguageModel, Classes = 0, VocabularySize = 100, MaxTokens = 32 };
        using var gpt = Create(new Gpt2Options { Layers = 3, Hidden = 64, Heads = 4 });
        const int t = 20, h = 64;
        Assert.Equal(2 * ((3 * ((4 * t * h * h) + (2 * t * t * h) + (2 * t * h * 4 * h))) + (t * h * 100)), gpt.FlopsPerSample([t]));
        using var llama = Create(new LlamaOptions { Layers = 2, Hidden = h, Heads = 4, KeyValueHeads = 2, HeadWidth = 8, Intermediate = 96, Tied = false });
        Assert.Equal(2 * ((2 * ((t * h * (32 + 16 + 16 + 32)) + (2 * t * t * 32) + (3 * t * h * 96))) + (t * h * 100)), llama.FlopsPerSample([t]));
        Assert.Equal((2 * 100 * h) + h + (2 * ((h * (32 + 16 + 16 + 32)) + (3 * h * 96) + (2 * h))), llama.ParameterCount);

        Model Create(DecoderOptions options) => ModelFamilies.All.Single(f => f.OptionsType == options.GetType()).Create(options, context);
    }

    [Fact]
    public void Sequences_longer_than_the_positions_are_refused_with_the_numbers()
    {
        using var golden = GoldenCase.Open("gpt2");
        using var model = DecoderCases.Load("gpt2", golden);
        Assert.Contains("at most 11 tokens; [1, 12] came", Assert.Throws<DecantException>(() => model.Forward(new ModelInput(Tensor.Zeros([1, 12], DType.Int64)))).Message);
        using var state = model.NewState();
        model.Next(Tensor.Zeros([1, 8], DType.Int64), state);
        Assert.Contains("would have 12 tokens; this model of kind 'gpt2' reads at most 11", Assert.Throws<DecantException>(() => model.Next(Tensor.Zeros([1, 4], DType.Int64), state)).Message);
    }
}
