using System.Text;
using Decant.Export;
using Decant.Export.Safetensors;
using Decant.Models;
using Decant.Models.Bert;
using Decant.Models.Configuration;
using Decant.Models.DistilBert;
using Decant.Models.Gpt2;
using Decant.Models.Llama;
using Decant.Models.LstmLanguage;
using Decant.Models.Mistral;
using Decant.Models.Qwen2;
using Decant.Models.Qwen3;
using Decant.Models.Roberta;
using Decant.Modules;
using Decant.Torch;

namespace Decant.Tests.Export;

/// <summary>Settings that tie the output to the embedding, and a file that has an output of its own: obeyed where the two are the same, refused where they differ, dropped never.</summary>
public sealed class TiedHeadTests : IDisposable
{
    private const int Vocabulary = 12;
    private const string Format = "pytorch_model.bin";
    private readonly TensorScope _scope = TensorScope.Open();
    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string, string, string> Cases
    {
        get
        {
            var cases = new TheoryData<string, string, string>();
            foreach (var (kind, name) in new[]
            {
                ("gpt2", "lm_head.weight"), ("llama", "lm_head.weight"), ("mistral", "lm_head.weight"), ("qwen2", "lm_head.weight"), ("qwen3", "lm_head.weight"), ("lstm-lm", "head.weight"),
                ("encoder", "cls.predictions.decoder.weight"), ("distilbert", "vocab_projector.weight"), ("roberta", "lm_head.decoder.weight"),
            })
                foreach (var format in new[] { "model.safetensors", "shards", Format })
                    cases.Add(kind, name, format);
            return cases;
        }
    }

    [Theory, MemberData(nameof(Cases))]
    public void A_head_that_differs_from_the_embedding_it_is_tied_to_is_refused_whether_or_not_a_new_head_is_allowed(string kind, string name, string format)
    {
        var weights = Save(kind, format, name, of => of + 1);
        Assert.Contains(name, weights.Keys);
        foreach (var newHead in new[] { false, true })
        {
            var message = Assert.Throws<DecantException>(() => ModelFolder.Load(_folder.Path, newHead)).Message;
            Assert.Contains(name, message);
            Assert.Contains("differ, and the model has one weight for both", message);
            Assert.Contains("tie_word_embeddings to false", message);
        }
    }

    [Theory, MemberData(nameof(Cases))]
    public void A_head_that_repeats_the_embedding_and_one_that_stands_for_it_are_read(string kind, string name, string format)
    {
        var weights = Save(kind, format, name, of => of);
        using var both = ModelFolder.Load(_folder.Path);
        var embedding = EmbeddingOf(weights);
        Assert.Equal(weights[embedding].ToArray<float>(), both.StateDict()[embedding].ToArray<float>());
        Save(kind, format, name, of => of, without: embedding);
        using var one = ModelFolder.Load(_folder.Path);
        Assert.Equal(weights[embedding].ToArray<float>(), one.StateDict()[embedding].ToArray<float>());
    }

    [Theory]
    [InlineData("gpt2")]
    [InlineData("llama")]
    public void A_head_of_another_shape_and_a_bias_that_the_model_has_not_are_refused(string kind)
    {
        Save(kind, "model.safetensors", "lm_head.weight", _ => Tensor.Ones([Vocabulary + 1, 8]));
        Assert.Contains("lm_head.weight [13, 8] are the same weight of the model", Assert.Throws<DecantException>(() => ModelFolder.Load(_folder.Path)).Message);
        Save(kind, "model.safetensors", "lm_head.bias", _ => Tensor.Ones([Vocabulary]));
        Assert.Contains("unexpected: lm_head.bias [12]", Assert.Throws<DecantException>(() => ModelFolder.Load(_folder.Path)).Message);
    }

    [Fact]
    public void A_head_of_its_own_is_used_where_the_settings_do_not_tie_it()
    {
        var weights = Save("llama", "model.safetensors", "lm_head.weight", of => of + 1, tied: false);
        using var model = ModelFolder.Load(_folder.Path);
        Assert.Equal(weights["lm_head.weight"].ToArray<float>(), ((ChunkedHeadModel)model).Head.Weight.ToArray<float>());
    }

    public void Dispose()
    {
        _scope.Dispose();
        _folder.Dispose();
    }

    private static string EmbeddingOf(Dictionary<string, Tensor> weights) =>
        weights.Keys.Single(key => key.EndsWith("wte.weight", StringComparison.Ordinal) || key.EndsWith("embed_tokens.weight", StringComparison.Ordinal) || key.EndsWith("word_embeddings.weight", StringComparison.Ordinal) || key == "embedding.weight");

    /// <summary>A folder of a small model with one tensor more or other, made of its embedding.</summary>
    private Dictionary<string, Tensor> Save(string kind, string format, string name, Func<Tensor, Tensor> make, bool tied = true, string? without = null)
    {
        foreach (var file in Directory.GetFiles(_folder.Path)) File.Delete(file);
        using var generator = new Generator(3);
        using var model = ModelFamilies.All.Single(family => family.Kind == kind).Create(Options(kind, tied), new ModelContext
        {
            Task = kind is "encoder" or "distilbert" or "roberta" ? ModelTask.MaskedLanguageModel : ModelTask.CausalLanguageModel,
            Classes = 0,
            VocabularySize = Vocabulary,
            MaxTokens = 8,
            PadToken = 1,
        }, generator);
        ModelFolder.Save(_folder.Path, model);
        var weights = model.StateDict().ToDictionary(weight => weight.Key, weight => weight.Value.Detach().Clone());
        using (Autograd.NoGrad()) weights[name] = make(weights[EmbeddingOf(weights)]).Clone();
        var stored = weights.Where(weight => weight.Key != without).ToDictionary();
        if (format == Format)
        {
            File.Delete(Path.Combine(_folder.Path, ModelFolder.WeightsName));
            _folder.Write(Format, PyTorch(stored));
        }
        else SafetensorsShards.Write(_folder.Path, stored, format == "shards" ? 600 : long.MaxValue);
        Assert.Equal(format == "shards", File.Exists(Path.Combine(_folder.Path, "model.safetensors.index.json")));
        return weights;
    }

    private static ModelOptions Options(string kind, bool tied) => kind switch
    {
        "gpt2" => new Gpt2Options { Layers = 1, Hidden = 8, Heads = 2, Tied = tied },
        "llama" => new LlamaOptions { Layers = 1, Hidden = 8, Heads = 2, Tied = tied },
        "mistral" => new MistralOptions { Layers = 1, Hidden = 8, Heads = 2, Tied = tied },
        "qwen2" => new Qwen2Options { Layers = 1, Hidden = 8, Heads = 2, Tied = tied },
        "qwen3" => new Qwen3Options { Layers = 1, Hidden = 8, Heads = 2, Tied = tied },
        "lstm-lm" => new LstmLanguageOptions { Hidden = 8, Layers = 1, Tied = tied },
        "distilbert" => new DistilBertOptions { Layers = 1, Hidden = 8, Heads = 2 },
        "roberta" => new RobertaOptions { Layers = 1, Hidden = 8, Heads = 2 },
        _ => new BertOptions { Layers = 1, Hidden = 8, Heads = 2 },
    };

    /// <summary>As torch.save writes a dictionary of tensors of 32 bits.</summary>
    private static byte[] PyTorch(Dictionary<string, Tensor> weights)
    {
        var pickle = new StringBuilder("\u0080\u0002}");
        var storages = new List<(string, byte[])>();
        foreach (var (name, tensor) in weights)
        {
            var values = tensor.ToArray<float>();
            var key = $"{storages.Count}";
            var strides = tensor.Shape.Select((_, i) => tensor.Shape.Skip(i + 1).Aggregate(1L, (a, b) => a * b));
            pickle.Append(Text(name)).Append("ctorch._utils\n_rebuild_tensor_v2\n((").Append(Text("storage")).Append("ctorch\nFloatStorage\n").Append(Text(key)).Append(Text("cpu")).Append(Number(values.Length))
                .Append("tQK\0(").AppendJoin("", tensor.Shape.Select(Number)).Append("t(").AppendJoin("", strides.Select(Number)).Append("t\u0089ccollections\nOrderedDict\n)RtRs");
            storages.Add(($"a/data/{key}", [.. values.SelectMany(BitConverter.GetBytes)]));
        }

        return MadeArchive.Of(Encoding.Latin1.GetBytes(pickle.Append('.').ToString()), [.. storages]);

        static string Text(string text) => $"X{Encoding.Latin1.GetString(BitConverter.GetBytes(text.Length))}{text}";
        static string Number(long number) => $"J{Encoding.Latin1.GetString(BitConverter.GetBytes((int)number))}";
    }
}
