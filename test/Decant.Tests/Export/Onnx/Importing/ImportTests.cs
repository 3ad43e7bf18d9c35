using Decant.Export;
using Decant.Export.Onnx.Importing;
using Decant.Export.Safetensors;
using Decant.Models.Bert;
using Decant.Models.Configuration;
using Decant.Models.Encoders;
using Decant.Models.ImageNetResNet;
using Decant.Modules;
using Decant.Text.Files;
using Decant.Torch;

namespace Decant.Tests.Export.Onnx.Importing;

/// <summary>Files of torch.onnx.export become models with the weights that were exported, under the names that they had.</summary>
public sealed class ImportTests : IDisposable
{
    private readonly ImportFiles _files = new();

    public void Dispose() => _files.Dispose();

    [Theory]
    [InlineData("bert-classes", ModelTask.Classification, 3)]
    [InlineData("bert-number", ModelTask.Regression, 1)]
    [InlineData("bert-tokens", ModelTask.TokenClassification, 4)]
    [InlineData("distilbert-classes", ModelTask.Classification, 3)]
    [InlineData("roberta-classes", ModelTask.Classification, 3)]
    public void An_encoder_with_a_head_has_the_exported_weights(string name, ModelTask task, int classes)
    {
        var imported = Import(name, new ImportOptions { Vocabulary = name.StartsWith("roberta", StringComparison.Ordinal) ? _files.RobertaVocabulary : _files.Vocabulary });
        Assert.InRange(imported.LargestDifference, 0, 1e-5);
        var config = (EncoderConfig)SameWeights(name);
        Assert.Equal((task, classes, 2, 4, 16, 24), (config.Task, config.Classes, config.Shape.Layers, config.Shape.Heads, config.Shape.Width, config.Shape.Intermediate));
        Assert.Equal((30, name.StartsWith("roberta", StringComparison.Ordinal) ? 1e-5 : 1e-12), (config.VocabSize, config.Shape.Epsilon));
    }

    [Fact]
    public void A_graph_that_pools_says_how()
    {
        var imported = Import("bert-mean", new ImportOptions { Vocabulary = _files.Vocabulary });
        var config = (BertConfig)SameWeights("bert-mean");
        Assert.Equal((ModelTask.Embedding, EncoderPooling.Mean, true, ActivationKind.Relu), (config.Task, config.PoolingOfTask, config.Normalize, config.HiddenAct));
        Assert.Contains("as the graph makes it", Assert.Single(imported.Notes));
        Assert.True(File.Exists(Path.Combine(_files.Target, "1_Pooling", "config.json")) && Directory.Exists(Path.Combine(_files.Target, "2_Normalize")));
    }

    [Theory]
    [InlineData(EncoderPooling.First, true)]
    [InlineData(EncoderPooling.First, false)]
    [InlineData(EncoderPooling.Mean, false)]
    public void A_graph_that_ends_with_states_is_pooled_as_is_asked(EncoderPooling pooling, bool normalize)
    {
        Import("bert-states", new ImportOptions { Vocabulary = _files.Vocabulary, Pooling = pooling, Normalize = normalize, MaxTokens = 12 });
        var config = (BertConfig)SameWeights("bert-states");
        Assert.Equal((pooling, normalize, ActivationKind.GeluNew), (config.PoolingOfTask, config.Normalize, config.HiddenAct));
        Assert.Equal(12, SentenceSettings.Of(_files.Target).MaxTokens);
        Assert.Equal(normalize, Directory.Exists(Path.Combine(_files.Target, "2_Normalize")));
    }

    [Fact]
    public void A_tokenizer_with_fewer_tokens_than_the_file_knows_is_noted()
    {
        var smaller = Path.Combine(Path.GetDirectoryName(_files.Vocabulary)!, "smaller.txt");
        File.WriteAllLines(smaller, File.ReadLines(_files.Vocabulary).Take(20));
        Assert.Contains("It knows 30 tokens, and its tokenizer has 20: 10 rows of its embeddings are never read.", string.Join('\n', Import("bert-mean", new ImportOptions { Vocabulary = smaller }).Notes));
    }

    [Fact]
    public void The_tokenizer_is_written_beside_it()
    {
        Import("bert-mean", new ImportOptions { Vocabulary = _files.Vocabulary });
        var tokenizer = TokenizerFile.Load(_files.Target);
        Assert.Equal(TokenizerFile.Load(_files.Vocabulary).Hash, tokenizer.Hash);
        Assert.Equal([2, 4, 5, 3], tokenizer.EncodeForModel("a b", null, 20).Ids);
    }

    [Theory]
    [InlineData("resnet18-norms", "ResNet-18, width 2")]
    [InlineData("resnet34-norms", "ResNet-34, width 2")]
    [InlineData("resnet50-norms", "ResNet-50, width 2")]
    public void A_residual_network_has_the_exported_weights(string name, string summary)
    {
        var imported = Import(name);
        Assert.Equal(summary, imported.Summary);
        Assert.InRange(imported.LargestDifference, 0, 1e-5);
        Assert.Equal(5, SameWeights(name).Classes);
    }

    [Fact]
    public void Norms_that_were_folded_stand_there_again_and_compute_the_same()
    {
        var imported = Import("resnet20-folded");
        Assert.InRange(imported.LargestDifference, 0, 1e-5);
        Assert.Contains(imported.Notes, note => note.Contains("folded the batch norms", StringComparison.Ordinal));
        Assert.Equal([2, 2, 2, 3], ((ImageNetResNetConfig)ModelFolder.ReadConfig(_files.Target)).Depths);
    }

    [Fact]
    public void Channels_in_the_order_blue_green_red_are_turned_around()
    {
        using var scope = TensorScope.Open();
        var imported = Import("resnet18-norms", new ImportOptions { Bgr = true });
        Assert.InRange(imported.LargestDifference, 0, 1e-5);
        using var file = SafetensorsFile.Open(ImportFiles.Golden("resnet18-norms.safetensors"));
        using var model = ModelFolder.Load(_files.Target);
        Assert.Equal(file.Read("conv1.weight").Flip(1).ToArray<float>(), model.StateDict()["conv1.weight"].ToArray<float>());
    }

    private ImportedModel Import(string name, ImportOptions? options = null) => OnnxImport.Run(ImportFiles.Golden(name + ".onnx"), _files.Target, options);

    private ModelConfig SameWeights(string name)
    {
        using var scope = TensorScope.Open();
        using var file = SafetensorsFile.Open(ImportFiles.Golden(name + ".safetensors"));
        using var model = ModelFolder.Load(_files.Target);
        var own = model.StateDict();
        var compared = 0;
        foreach (var key in file.Entries.Keys.Where(k => !k.EndsWith("num_batches_tracked", StringComparison.Ordinal)))
        {
            Assert.Equal(file.Read(key).ToArray<float>(), own[key].ToArray<float>());
            compared++;
        }

        Assert.Equal(own.Keys.Count(k => !k.EndsWith("num_batches_tracked", StringComparison.Ordinal) && !k.StartsWith("pooler.", StringComparison.Ordinal)), compared);
        return ((IConfigured)model).Config;
    }
}
