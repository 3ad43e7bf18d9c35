using Decant.Modules;
using Decant.Torch;

namespace Decant.Tests.Modules;

public class ModuleGoldenTests
{
    [Fact]
    public void Linear_is_PyTorchs()
    {
        using var module = new Linear(5, 3);
        GoldenCase.Check("linear", module, g => module.Forward(g["values"]));
    }

    [Fact]
    public void Embedding_is_PyTorchs_and_its_padding_gets_no_gradient()
    {
        using var module = new Embedding(9, 4, padding: 2);
        GoldenCase.Check("embedding", module, g => module.Forward(g["values"]));
        using var row = module.Weight.Grad!.Select(0, 2);
        Assert.All(row.ToArray<float>(), g => Assert.Equal(0, g));
    }

    [Fact]
    public void Layer_norm_is_PyTorchs()
    {
        using var module = new LayerNorm(6);
        GoldenCase.Check("layer-norm", module, g => module.Forward(g["values"]));
    }

    [Theory]
    [InlineData("batch-norm-1d-train", true, 4)]
    [InlineData("batch-norm-1d-sequence-eval", false, 4)]
    public void Batch_norm_of_vectors_and_sequences_is_PyTorchs(string name, bool training, int channels)
    {
        using var module = new BatchNorm1d(channels);
        GoldenCase.Check(name, module, g => module.Forward(g["values"]), training);
    }

    [Theory]
    [InlineData("batch-norm-2d-train", true)]
    [InlineData("batch-norm-2d-eval", false)]
    public void Batch_norm_of_images_is_PyTorchs(string name, bool training)
    {
        using var module = new BatchNorm2d(3);
        GoldenCase.Check(name, module, g => module.Forward(g["values"]), training);
        Assert.Equal(training ? 1 : 0, module.StateDict()["num_batches_tracked"].Item());
    }

    [Fact]
    public void Convolutions_are_PyTorchs()
    {
        using var sequence = new Conv1d(3, 4, 3, stride: 2, padding: 1);
        GoldenCase.Check("conv1d", sequence, g => sequence.Forward(g["values"]));
        using var image = new Conv2d(3, 4, 3, stride: 2, padding: 1);
        GoldenCase.Check("conv2d", image, g => image.Forward(g["values"]));
        using var groups = new Conv2d(4, 6, 3, groups: 2, bias: false);
        GoldenCase.Check("conv2d-groups", groups, g => groups.Forward(g["values"]));
    }

    [Fact]
    public void Poolings_are_PyTorchs()
    {
        using var max = new MaxPool2d(3, 2, 1);
        GoldenCase.Check("max-pool", max, g => max.Forward(g["values"]));
        using var avg = new AvgPool2d(3, 2, 1);
        GoldenCase.Check("avg-pool", avg, g => avg.Forward(g["values"]));
        using var adaptive = new AdaptiveAvgPool2d(3, 2);
        GoldenCase.Check("adaptive-avg-pool", adaptive, g => adaptive.Forward(g["values"]));
    }

    [Theory]
    [InlineData("relu", ActivationKind.Relu)]
    [InlineData("gelu", ActivationKind.Gelu)]
    [InlineData("gelu-new", ActivationKind.GeluNew)]
    [InlineData("silu", ActivationKind.Silu)]
    [InlineData("tanh", ActivationKind.Tanh)]
    [InlineData("sigmoid", ActivationKind.Sigmoid)]
    [InlineData("leaky-relu", ActivationKind.LeakyRelu)]
    public void Activations_are_PyTorchs(string name, ActivationKind kind)
    {
        using var module = new Activation(kind);
        GoldenCase.Check("activation-" + name, module, g => module.Forward(g["values"]));
    }

    [Theory]
    [InlineData("lstm", 1, false)]
    [InlineData("lstm-masked", 2, false)]
    [InlineData("lstm-bidirectional-masked", 2, true)]
    public void Lstm_is_PyTorchs_packed_or_not(string name, int layers, bool bidirectional)
    {
        using var module = new Lstm(3, 4, layers, bidirectional);
        GoldenCase.Check(name, module, g =>
        {
            var (output, hidden, cell) = module.Forward(g["values"], g.Has("mask") ? g["mask"] : null);
            return Tensor.Cat([output.Flatten(), hidden.Flatten(), cell.Flatten()]);
        });
    }

    [Theory]
    [InlineData("attention")]
    [InlineData("attention-masked")]
    [InlineData("attention-memory")]
    public void Attention_is_PyTorchs(string name)
    {
        using var module = new MultiHeadAttention(8, 2);
        GoldenCase.Check(name, module, g => module.Forward(
            g["values"], g.Has("mask") ? TokenMask.ToAttentionBias(g["mask"], 2) : null, g.Has("memory") ? g["memory"] : null));
    }

    [Fact]
    public void First_values_are_those_that_PyTorch_draws_from_the_same_seed()
    {
        using var golden = GoldenCase.Open("first-values");
        Same("linear", g => new Linear(7, 5, generator: g));
        Same("conv1d", g => new Conv1d(3, 4, 3, generator: g));
        Same("conv2d", g => new Conv2d(3, 4, 3, generator: g));
        Same("lstm", g => new Lstm(4, 3, 2, bidirectional: true, generator: g));
        Same("embedding", g => new Embedding(8, 6, padding: 3, generator: g));

        void Same(string name, Func<Generator, Module> make)
        {
            using var generator = new Generator(5);
            using var module = make(generator);
            var expected = golden.Under(name);
            Assert.Equal(expected.Keys.Order(StringComparer.Ordinal), module.StateDict().Keys);
            foreach (var (key, value) in module.StateDict())
                GoldenCase.Close(expected[key], value, $"{name} {key}", 1e-6);
        }
    }

    [Fact]
    public void Every_golden_case_is_there()
    {
        Assert.True(Directory.GetFiles(GoldenCase.Folder, "*.safetensors").Length >= 39);
    }
}
