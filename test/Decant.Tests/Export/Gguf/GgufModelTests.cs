using System.Text.Json.Nodes;
using Decant.Export;
using Decant.Export.Gguf;
using Decant.Models;
using Decant.Models.Configuration;
using Decant.Models.Decoder;
using Decant.Models.Llama;
using Decant.Modules;
using Decant.Torch;

namespace Decant.Tests.Export.Gguf;

/// <summary>Models as GGUF files, in llama.cpp.</summary>
public sealed class GgufModelTests : IDisposable
{
    private const double Float16 = 4e-3; // of logits of about 1: weights are rounded to 11 bits

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    public static TheoryData<string, string> Decoders => new()
    {
        { "gpt2", "{}" },
        { "gpt2", """{"n_inner":96,"tie_word_embeddings":false}""" },
        { "llama", "{}" },
        { "llama", """{"tie_word_embeddings":true,"attention_bias":true,"mlp_bias":true,"num_key_value_heads":4}""" },
        { "llama", """{"head_dim":32,"num_key_value_heads":1,"rope_theta":500000}""" },
        { "llama", """{"rope_scaling":{"rope_type":"linear","factor":2.5}}""" },
        { "llama", """{"rope_scaling":{"rope_type":"llama3","factor":8.0,"low_freq_factor":1.0,"high_freq_factor":4.0,"original_max_position_embeddings":64}}""" },
        { "llama", """{"rope_scaling":{"rope_type":"yarn","factor":4.0,"original_max_position_embeddings":32}}""" },
        { "mistral", "{}" },
        { "mistral", """{"sliding_window":48}""" },
        { "qwen2", """{"tie_word_embeddings":true}""" },
        { "qwen2", """{"num_attention_heads":2,"head_dim":32}""" },
        { "qwen3", "{}" },
        { "qwen3", """{"head_dim":32,"num_attention_heads":8,"rope_scaling":{"rope_type":"yarn","factor":4.0,"original_max_position_embeddings":32}}""" },
    };

    [Theory]
    [MemberData(nameof(Decoders))]
    public void A_decoder_has_the_same_logits_and_writes_the_same(string type, string further)
    {
        using var model = GgufFixture.Model(GgufFixture.Decoder(type, further));
        var report = GgufFixture.Write(_folder, model, GgufFixture.Bytes);
        using var llama = LlamaCpp.Open(report.Path);
        var compared = 0;
        foreach (var ids in new[] { "a gorgeous , witty , seductive movie .", "if the movie", "Who is it ?" }.Select(GgufFixture.Bytes.Encode))
        {
            Same(GgufFixture.Logits(model, ids), llama.Logits(ids));
            var (own, theirs) = (Greedy(model, ids, 20), llama.Greedy(ids, 20, margin: 0.02));
            Assert.Equal(own.Take(theirs.Count), theirs);
            compared += theirs.Count;
        }

        Assert.True(compared > 5, $"the likeliest token was compared {compared} times");
    }

    [Fact]
    public void Layers_that_share_weights_and_matrices_in_factors_are_written_whole()
    {
        var context = new ModelContext { Task = ModelTask.CausalLanguageModel, Classes = 0, VocabularySize = 400, MaxTokens = 64 };
        using var generator = new Generator(3);
        foreach (var family in new[] { "llama", "gpt2" })
        {
            DecoderOptions options = family == "llama" ? new LlamaOptions { Layers = 4, Hidden = 64, Heads = 4, ShareLayers = [0, 0, 1, 1], Rank = 24 } : new Decant.Models.Gpt2.Gpt2Options { Layers = 4, Hidden = 64, Heads = 4, ShareLayers = [0, 1, 0, 1], Rank = 24 };
            using var model = ModelFamilies.All.Single(f => f.Kind == family).Create(options, context, generator);
            GgufFixture.Redraw(model, generator);
            using var llama = LlamaCpp.Open(GgufFixture.Write(_folder, model, GgufFixture.Bytes).Path);
            int[] ids = [70, 5, 300, 22];
            Same(GgufFixture.Logits(model, ids), llama.Logits(ids));
        }
    }

    [Theory]
    [InlineData("bert", """{"pooling":"mean"}""")]
    [InlineData("bert", """{"pooling":"first","type_vocab_size":1}""")]
    [InlineData("bert", """{"pooling":"last","hidden_act":"gelu_new"}""")]
    [InlineData("distilbert", """{"pooling":"mean"}""")]
    [InlineData("distilbert", """{"pooling":"first","sinusoidal_pos_embds":true}""")]
    public async Task An_encoder_makes_the_same_vectors(string type, string further)
    {
        using var model = GgufFixture.Model(GgufFixture.Encoder(type, further));
        using var llama = LlamaCpp.Open(GgufFixture.Write(_folder, model, GgufFixture.Words).Path, embeds: true);
        foreach (var text in GgufFixture.Texts.Take(10))
            Assert.InRange(Cosine(GgufFixture.Vector(model, GgufFixture.Words, text), await llama.Vector(text)), 0.9999, 1.0001);
    }

    [Fact]
    public void The_published_stories_model_writes_its_own_story()
    {
        var golden = JsonNode.Parse(File.ReadAllText(RealData.Find("stories260K/golden.json")))!;
        int[] story = [.. golden["greedy_ids_from_BOS"]!.AsArray().Select(id => id!.GetValue<int>())];
        using var model = ModelFolder.Load(RealData.Find("stories260K/hf"));
        foreach (var weights in Enum.GetValues<GgufWeights>())
        {
            using var llama = LlamaCpp.Open(GgufFixture.Write(_folder, model, GgufFixture.Pieces, new() { Weights = weights }).Path);
            var written = llama.Greedy([1], story.Length - 1, margin: weights == GgufWeights.F16 ? 0 : 0.02);
            if (weights == GgufWeights.F16)
                Assert.Equal(story.Skip(1), written);
            Assert.True(written.Count > 5, $"{weights}: {written.Count}");
        }
    }

    [Fact]
    public async Task A_published_embedder_makes_its_own_vectors()
    {
        var folder = TestData.Need("checkpoints/minilm-l6-f16");
        var tokenizer = Decant.Text.Files.TokenizerFile.Load(folder);
        using var model = ModelFolder.Load(folder);
        var report = GgufFixture.Write(_folder, model, tokenizer);
        Assert.Contains("divides its vectors by their length", string.Join('\n', report.Notes));
        using var llama = LlamaCpp.Open(report.Path, embeds: true);
        foreach (var text in GgufFixture.Texts.Take(50))
            Assert.InRange(Cosine(GgufFixture.Vector(model, tokenizer, text), await llama.Vector(text)), 0.9999, 1.0001);
    }

    [Fact]
    public void A_model_whose_rows_are_whole_blocks_opens_in_every_form()
    {
        using var model = GgufFixture.Model(GgufFixture.Decoder("llama", """{"hidden_size":256,"intermediate_size":512,"num_attention_heads":8,"num_key_value_heads":4,"head_dim":32}""", 32_000));
        var ids = GgufFixture.Bytes.Encode("a gorgeous , witty , seductive movie .");
        var (own, errors) = (GgufFixture.Logits(model, ids), new List<double>());
        foreach (var weights in new[] { GgufWeights.F32, GgufWeights.F16, GgufWeights.Q8, GgufWeights.Q4 })
        {
            var report = GgufFixture.Write(_folder, model, GgufFixture.Bytes, new() { Weights = weights });
            Assert.Empty(report.Notes);
            using var llama = LlamaCpp.Open(report.Path);
            errors.Add(Math.Sqrt(own.Zip(llama.Logits(ids)).Sum(r => r.First.Zip(r.Second).Sum(p => Math.Pow(p.First - p.Second, 2))) / own.Sum(r => r.Sum(x => (double)x * x))));
        }

        Assert.InRange(errors[0], 0, 1e-4);
        Assert.InRange(errors[1], 0, 5e-3); // llama.cpp rounds what is multiplied with float16 weights to float16 too
        Assert.InRange(errors[2], 0, 0.1); // and to 8 bits with those of 8
        Assert.InRange(errors[3], 0, 0.9); // drawn weights have nothing that four bits would keep
        Assert.Equal(errors.Order(), errors);
    }

    [Fact]
    public void A_model_that_sees_a_window_is_read_no_further_than_that()
    {
        using var model = GgufFixture.Model(GgufFixture.Decoder("mistral", """{"sliding_window":48}"""));
        var report = GgufFixture.Write(_folder, model, GgufFixture.Bytes);
        Assert.Contains("texts of up to 48 tokens instead of 128", Assert.Single(report.Notes));
        using var llama = LlamaCpp.Open(report.Path);
        Assert.Equal("48", llama.Settings["llama.context_length"]);
    }

    [Theory]
    [InlineData("gpt2", """{"activation_function":"relu"}""", "activation_function")]
    [InlineData("gpt2", """{"scale_attn_by_inverse_layer_idx":true}""", "scale_attn_by_inverse_layer_idx")]
    [InlineData("llama", """{"hidden_act":"gelu"}""", "hidden_act")]
    [InlineData("llama", """{"rope_scaling":{"rope_type":"dynamic","factor":2.0}}""", "rope_scaling dynamic")]
    [InlineData("qwen2", """{"rope_scaling":{"rope_type":"llama3","factor":8.0,"low_freq_factor":1.0,"high_freq_factor":4.0,"original_max_position_embeddings":64}}""", "rope_scaling llama3")]
    [InlineData("llama", """{"rope_scaling":{"rope_type":"yarn","factor":4.0,"original_max_position_embeddings":32,"attention_factor":1.5}}""", "attention_factor")]
    [InlineData("qwen3", """{"attention_bias":true}""", "attention_bias")]
    [InlineData("qwen2", """{"head_dim":32}""", "head_dim")]
    public void What_llama_cpp_does_not_compute_is_refused_by_name(string type, string further, string name)
    {
        using var model = GgufFixture.Model(GgufFixture.Decoder(type, further));
        Assert.Contains(name, Assert.Throws<DecantException>(() => GgufFixture.Write(_folder, model, GgufFixture.Bytes)).Message);
        Assert.Empty(Directory.EnumerateFiles(_folder.Path));
    }

    [Theory]
    [InlineData("BertForSequenceClassification", "{}", "Classification")]
    [InlineData("BertModel", """{"pooling":"max"}""", "pooled by Max")]
    [InlineData("BertModel", """{"hidden_act":"relu"}""", "hidden_act")]
    public void An_encoder_for_another_purpose_is_refused(string architecture, string further, string name)
    {
        var config = GgufFixture.Encoder("bert", further);
        config["architectures"] = new JsonArray(architecture);
        config["id2label"] = new JsonObject { ["0"] = "no", ["1"] = "yes" };
        using var model = GgufFixture.Model(config);
        Assert.Contains(name, Assert.Throws<DecantException>(() => GgufFixture.Write(_folder, model, GgufFixture.Words)).Message);
    }

    [Fact]
    public void A_model_of_another_kind_is_refused()
    {
        using var model = Tests.Models.Zoo.Create("textcnn");
        Assert.Contains("textcnn", Assert.Throws<DecantException>(() => GgufFixture.Write(_folder, model, GgufFixture.Words)).Message);
    }

    [Theory]
    [InlineData(float.NaN, "NaN")]
    [InlineData(1e6f, "1000000")]
    public void A_weight_that_float16_cannot_store_is_named(float number, string shown)
    {
        using var model = GgufFixture.Model(GgufFixture.Decoder("llama"));
        using (var scope = TensorScope.Open())
        using (Autograd.NoGrad())
            model.NamedParameters().First(p => p.Key.EndsWith("down_proj.weight", StringComparison.Ordinal)).Value.FillInPlace(number);
        var message = Assert.Throws<DecantException>(() => GgufFixture.Write(_folder, model, GgufFixture.Bytes)).Message;
        Assert.Contains("blk.0.ffn_down.weight", message);
        Assert.Contains(shown, message);
        Assert.Empty(Directory.EnumerateFiles(_folder.Path));
    }

    private static List<int> Greedy(Model model, int[] ids, int count)
    {
        var all = ids.ToList();
        while (all.Count < ids.Length + count)
        {
            var last = GgufFixture.Logits(model, [.. all])[^1];
            all.Add(Array.IndexOf(last, last.Max()));
        }

        return all[ids.Length..];
    }

    private static void Same(float[][] own, float[][] theirs)
    {
        Assert.Equal(own.Length, theirs.Length);
        var scale = own.SelectMany(row => row).Max(Math.Abs);
        Assert.All(own.Zip(theirs), rows => Assert.All(rows.First.Zip(rows.Second), pair => Assert.InRange(Math.Abs(pair.First - pair.Second) / scale, 0, Float16)));
    }

    private static double Cosine(float[] a, float[] b) => a.Zip(b, (x, y) => (double)x * y).Sum() / Math.Sqrt(a.Sum(x => (double)x * x) * b.Sum(x => (double)x * x));
}
