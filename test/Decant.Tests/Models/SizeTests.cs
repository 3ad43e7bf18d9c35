using Decant.Models.Bert;
using Decant.Models.Cnn;
using Decant.Models.Configuration;
using Decant.Models.LstmText;
using Decant.Models.Mlp;
using Decant.Models.ResNet;
using Decant.Models.TextCnn;

namespace Decant.Tests.Models;

/// <summary>Parameters and operations against published numbers and counts by hand.</summary>
public class SizeTests
{
    private static readonly ModelContext s_cifar10 = new() { Classes = 10, SampleShape = [3, 32, 32] };
    private static readonly ModelContext s_cifar100 = new() { Classes = 100, SampleShape = [3, 32, 32] };
    private static readonly ModelContext s_mnist = new() { Classes = 10, SampleShape = [1, 28, 28] };

    [Theory]
    [InlineData(20, 269_722, 40_551_040)]
    [InlineData(32, 464_154, 68_862_592)]
    [InlineData(44, 658_586, 97_174_144)]
    [InlineData(56, 853_018, 125_485_696)]
    [InlineData(110, 1_727_962, 252_887_680)]
    public void ResNets_have_the_published_sizes(int depth, long parameters, long multiplications)
    {
        using var model = ResNetClassifier.Create(new ResNetOptions { Depth = depth }, s_cifar10);
        Assert.Equal(parameters, model.ParameterCount);
        Assert.Equal(2 * multiplications, model.FlopsPerSample([3, 32, 32]));
    }

    [Theory]
    [InlineData(8, 1_233_540)]
    [InlineData(32, 7_433_860)]
    public void ResNets_of_four_times_the_width_have_the_published_sizes(int depth, long parameters)
    {
        using var model = ResNetClassifier.Create(new ResNetOptions { Depth = depth, Width = 4, Stem = 32, Shortcut = ResNetShortcut.Conv }, s_cifar100);
        Assert.Equal(parameters, model.ParameterCount);
    }

    [Theory]
    [InlineData(40, 2, 2_255_156)]
    [InlineData(40, 1, 569_780)]
    [InlineData(16, 2, 703_284)]
    public void Wide_ResNets_have_the_published_sizes(int depth, int width, long parameters)
    {
        using var model = ResNetClassifier.Create(new ResNetOptions { Depth = depth, Width = width, Variant = ResNetVariant.Wide }, s_cifar100);
        Assert.Equal(parameters, model.ParameterCount);
    }

    [Fact]
    public void Hintons_networks_have_their_sizes()
    {
        using var model = MlpClassifier.Create(new MlpOptions { Hidden = [1200, 1200] }, s_mnist);
        Assert.Equal(784 * 1200 + 1200 + 1200 * 1200 + 1200 + 1200 * 10 + 10, model.ParameterCount);
        Assert.Equal(2 * (784 * 1200 + 1200 * 1200 + 1200 * 10), model.FlopsPerSample([1, 28, 28]));
    }

    [Fact]
    public void The_classic_CNN_has_its_size_and_names()
    {
        using var model = CnnClassifier.Create(new CnnOptions(), s_mnist);
        Assert.Equal(1_199_882, model.ParameterCount);
        Assert.Equal(2 * (26 * 26 * 32 * 9 + 24 * 24 * 64 * 32 * 9 + 9216 * 128 + 128 * 10), model.FlopsPerSample([1, 28, 28]));
        Assert.Equal(["conv1.bias", "conv1.weight", "conv2.bias", "conv2.weight", "fc1.bias", "fc1.weight", "fc2.bias", "fc2.weight"], model.StateDict().Keys);
    }

    [Fact]
    public void BERT_base_has_its_published_size_and_names()
    {
        var context = new ModelContext { Classes = 2, VocabularySize = 30522, MaxTokens = 512 };
        using var model = BertClassifier.Create(new BertOptions { Layers = 1, Hidden = 768, Heads = 12 }, context);
        // 109,483,778 of 12 layers, of which each has 7,087,872.
        Assert.Equal(109_483_778 - 11 * 7_087_872, model.ParameterCount);
        string[] names =
        [
            "bert.embeddings.LayerNorm.bias", "bert.embeddings.LayerNorm.weight", "bert.embeddings.position_embeddings.weight",
            "bert.embeddings.token_type_embeddings.weight", "bert.embeddings.word_embeddings.weight",
            "bert.encoder.layer.0.attention.output.LayerNorm.bias", "bert.encoder.layer.0.attention.output.LayerNorm.weight",
            "bert.encoder.layer.0.attention.output.dense.bias", "bert.encoder.layer.0.attention.output.dense.weight",
            "bert.encoder.layer.0.attention.self.key.bias", "bert.encoder.layer.0.attention.self.key.weight",
            "bert.encoder.layer.0.attention.self.query.bias", "bert.encoder.layer.0.attention.self.query.weight",
            "bert.encoder.layer.0.attention.self.value.bias", "bert.encoder.layer.0.attention.self.value.weight",
            "bert.encoder.layer.0.intermediate.dense.bias", "bert.encoder.layer.0.intermediate.dense.weight",
            "bert.encoder.layer.0.output.LayerNorm.bias", "bert.encoder.layer.0.output.LayerNorm.weight",
            "bert.encoder.layer.0.output.dense.bias", "bert.encoder.layer.0.output.dense.weight",
            "bert.pooler.dense.bias", "bert.pooler.dense.weight", "classifier.bias", "classifier.weight",
        ];
        Assert.Equal(names, model.StateDict().Keys);
        Assert.All(model.NamedParameters().Where(p => p.Key.EndsWith("bias", StringComparison.Ordinal)), p => Assert.Equal(0, p.Value.Abs().Sum().Item()));
        var weight = model.StateDict()["bert.encoder.layer.0.intermediate.dense.weight"].ToArray<float>();
        Assert.InRange(Math.Sqrt(weight.Average(w => (double)w * w)), 0.0198, 0.0202);
    }

    [Fact]
    public void An_encoders_operations_are_those_counted_by_hand()
    {
        var context = new ModelContext { Classes = 5, VocabularySize = 100, MaxTokens = 32 };
        using var model = BertClassifier.Create(new BertOptions { Layers = 3, Hidden = 64, Heads = 4 }, context);
        const int t = 20, h = 64;
        Assert.Equal(2 * (3 * (4 * t * h * h + 2 * t * t * h + 2 * t * h * 4 * h) + h * h + h * 5), model.FlopsPerSample([t]));
    }

    [Fact]
    public void Text_classifiers_operations_are_those_counted_by_hand()
    {
        var context = new ModelContext { Classes = 5, VocabularySize = 100, MaxTokens = 32 };
        using var convolutional = TextCnnClassifier.Create(new TextCnnOptions { Embedding = 16, Filters = 8 }, context);
        Assert.Equal(2 * (8 * 16 * (3 * 8 + 4 * 7 + 5 * 6) + 24 * 5), convolutional.FlopsPerSample([10]));
        Assert.Equal(100 * 16 + 8 * 16 * 12 + 24 + 24 * 5 + 5, convolutional.ParameterCount);
        using var recurrent = LstmClassifier.Create(new LstmOptions { Embedding = 16, Hidden = 8 }, context);
        Assert.Equal(2 * (10 * 2 * 32 * (16 + 8) + 16 * 5), recurrent.FlopsPerSample([10]));
    }
}
