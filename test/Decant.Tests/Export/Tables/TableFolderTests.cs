using System.Text.Json.Nodes;
using Decant.Export;
using Decant.Export.Loading;
using Decant.Export.Safetensors;
using Decant.Export.Tables;
using Decant.Inference;
using Decant.Models.Configuration;
using Decant.Models.Static;
using Decant.Modules;
using Decant.Tests.Inference;
using Decant.Text;
using Decant.Text.Files;
using Decant.Torch;

namespace Decant.Tests.Export.Tables;

/// <summary>Static models in Model2Vec's layout: written, read back, and read by <see cref="SentenceEmbedder"/>, which has no libtorch.</summary>
public sealed class TableFolderTests : IDisposable
{
    private static readonly string[] s_texts = ["a good film", "dogs", "the plot is good, the acting is bad", "Anna 日本 lives"];
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("float32", 1e-6)]
    [InlineData("float16", 1e-3)]
    [InlineData("int8", 5e-3)]
    public void Rows_in_fewer_bytes_give_nearly_the_same_vectors_in_both_programs(string rows, double most)
    {
        using var scope = TensorScope.Open();
        using var noGrad = Autograd.NoGrad();
        using var model = Model();
        var path = Write(model, Enum.Parse<RowFormat>(rows, ignoreCase: true));
        using var loaded = ModelFolder.Load(path);
        using var embedder = SentenceEmbedder.Load(path);
        Assert.Equal(9, embedder.Dimensions);
        foreach (var (text, came) in s_texts.Zip(embedder.Embed(s_texts)))
        {
            var expected = Vector(model, text);
            Close(expected, Vector(loaded, text), most);
            Close(Vector(loaded, text), came.Vector.ToArray(), 1e-5);
            Close(came.Vector.ToArray(), embedder.Embed(text).Vector.ToArray(), 0);
        }
    }

    [Fact]
    public void Int8_rows_are_a_quarter_of_float32()
    {
        using var model = Model();
        var sizes = Enum.GetValues<RowFormat>().ToDictionary(format => format, format => new FileInfo(Path.Combine(Write(model, format), "model.safetensors")).Length);
        Assert.InRange(sizes[RowFormat.Float16] / (double)sizes[RowFormat.Float32], 0.45, 0.6);
        Assert.True(sizes[RowFormat.Int8] < sizes[RowFormat.Float16]);
    }

    [Fact]
    public void The_folder_says_what_Model2Vec_and_sentence_transformers_read()
    {
        using var model = Model();
        var path = Write(model, RowFormat.Float16);
        var config = JsonNode.Parse(File.ReadAllText(Path.Combine(path, "config.json")))!;
        Assert.Equal(("model2vec", "StaticModel", true, 9, "float16"), ((string?)config["model_type"], (string?)config["architectures"]![0], (bool)config["normalize"]!, (int)config["hidden_dim"]!, (string?)config["embedding_dtype"]));
        var modules = JsonNode.Parse(File.ReadAllText(Path.Combine(path, "modules.json")))!.AsArray();
        Assert.Equal(["sentence_transformers.models.StaticEmbedding", "sentence_transformers.models.Normalize"], modules.Select(m => (string?)m!["type"]));
        using var file = Weights.Open(path);
        Assert.Equal(["embeddings"], file.Tensors.Keys);
    }

    [Fact]
    public void A_published_folder_that_says_nothing_of_sizes_and_shares_rows_is_read()
    {
        using var scope = TensorScope.Open();
        using var noGrad = Autograd.NoGrad();
        using var model = Model();
        var tokenizer = ModelFolders.WordPieces;
        var count = tokenizer.VocabularySize;
        var (mapping, weights) = (Enumerable.Range(0, count).Select(id => (long)(id % 7)).ToArray(), Enumerable.Range(0, count).Select(id => 1 / (id + 1.0)).ToArray());
        var shared = Tensor.From(ModelFolders.Embedding(7, 9, 5), 7, 9);
        SafetensorsWriter.Write(Path.Combine(_folder.Path, "model.safetensors"), new Dictionary<string, Tensor>
        {
            ["embeddings"] = shared.To(DType.Float16),
            ["mapping"] = Tensor.From(mapping),
            ["weights"] = Tensor.From(weights),
        });
        _folder.Write("config.json", """{"model_type": "model2vec", "architectures": ["StaticModel"], "normalize": true, "hidden_dim": 9, "seq_length": 1000000, "apply_pca": 9, "sif_coefficient": 0.0001}""");
        TokenizerFile.Save(tokenizer, _folder.Path, 512);
        using var loaded = ModelFolder.Load(_folder.Path);
        using var embedder = SentenceEmbedder.Load(_folder.Path);
        Assert.Equal(ContentlessTokens.Of(tokenizer), ((StaticConfig)((IConfigured)loaded).Config).IgnoredTokenIds);
        var rows = shared.To(DType.Float16).To(DType.Float32).ToArray<float>();
        foreach (var text in s_texts)
        {
            var ids = tokenizer.Encode(text).Where(id => id != tokenizer.Special.Unknown).ToArray();
            var mean = Enumerable.Range(0, 9).Select(d => ids.Average(id => rows[(mapping[id] * 9) + d] * weights[id])).ToArray();
            var length = Math.Sqrt(mean.Sum(x => x * x));
            Close([.. mean.Select(x => (float)(x / length))], embedder.Embed(text).Vector.ToArray(), 1e-5);
            Close([.. mean.Select(x => (float)(x / length))], Vector(loaded, text), 1e-5);
        }
    }

    [Fact]
    public void Weights_of_another_number_of_tokens_are_refused_by_both()
    {
        using var scope = TensorScope.Open();
        SafetensorsWriter.Write(Path.Combine(_folder.Path, "model.safetensors"), new Dictionary<string, Tensor> { ["embeddings"] = Tensor.Zeros([30, 4]), ["weights"] = Tensor.Ones([29]) });
        _folder.Write("config.json", """{"model_type": "model2vec", "architectures": ["StaticModel"], "normalize": true}""");
        TokenizerFile.Save(ModelFolders.WordPieces, _folder.Path, 512);
        Assert.Contains("do not belong together", Assert.Throws<DecantException>(() => ModelFolder.Load(_folder.Path)).Message, StringComparison.Ordinal);
        Assert.Contains("do not belong together", Assert.Throws<DecantException>(() => SentenceEmbedder.Load(_folder.Path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_tokenizer_with_tokens_beyond_the_table_is_refused_by_both()
    {
        using var scope = TensorScope.Open();
        SafetensorsWriter.Write(Path.Combine(_folder.Path, "model.safetensors"), new Dictionary<string, Tensor> { ["embeddings"] = Tensor.Zeros([30, 4]) });
        _folder.Write("config.json", """{"model_type": "model2vec", "architectures": ["StaticModel"], "normalize": true}""");
        TokenizerFile.Save(ModelFolders.WordPieces, _folder.Path, 512);
        Assert.Contains("the model knows 30", Assert.Throws<DecantException>(() => ModelFolder.Load(_folder.Path)).Message, StringComparison.Ordinal);
        Assert.Contains("the model knows 30", Assert.Throws<DecantException>(() => SentenceEmbedder.Load(_folder.Path)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(3)]
    [InlineData(200)]
    [InlineData(-5)]
    public void A_file_that_is_cut_off_is_refused_with_its_name(int bytes)
    {
        using var model = Model();
        var path = Path.Combine(Write(model, RowFormat.Float32), "model.safetensors");
        var whole = File.ReadAllBytes(path);
        File.WriteAllBytes(path, bytes < 0 ? whole[..(whole.Length + bytes)] : whole[..bytes]);
        Assert.StartsWith(path, Assert.Throws<DecantException>(() => SentenceEmbedder.Load(Path.GetDirectoryName(path)!)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_model_that_is_no_table_is_refused()
    {
        using var other = Decant.Tests.Models.Zoo.Create("textcnn");
        Assert.Contains("Expected a static model", Assert.Throws<DecantException>(() => TableFolder.Write(_folder.Path, other, RowFormat.Int8)).Message, StringComparison.Ordinal);
    }

    private static StaticTextModel Model()
    {
        using var generator = new Generator(3);
        var tokenizer = ModelFolders.WordPieces;
        return (StaticTextModel)new StaticConfig
        {
            Task = ModelTask.Embedding,
            VocabSize = tokenizer.VocabularySize,
            HiddenDim = 9,
            Normalize = true,
            IgnoredTokenIds = ContentlessTokens.Of(tokenizer),
            PadTokenId = tokenizer.Special.Filler,
        }.Build(generator);
    }

    private string Write(Model model, RowFormat format)
    {
        var path = Path.Combine(_folder.Path, format.ToString());
        TableFolder.Write(path, model, format);
        TokenizerFile.Save(ModelFolders.WordPieces, path, 512);
        return path;
    }

    private static float[] Vector(Model model, string text)
    {
        var ids = ModelFolders.WordPieces.EncodeForModel(text, null, 512).Ids;
        return model.Forward(new ModelInput(Tensor.From(ids.Select(id => (long)id).ToArray(), 1, ids.Length))).ToArray<float>();
    }

    private static void Close(float[] expected, float[] came, double most)
    {
        Assert.Equal(expected.Length, came.Length);
        foreach (var (a, b) in expected.Zip(came))
            Assert.Equal(a, b, most);
    }
}
