using Decant.Export;
using Decant.Models;
using Decant.Models.Configuration;
using Decant.Models.ImageNetResNet;
using Decant.Modules;
using Decant.Torch;

namespace Decant.Tests.Models;

/// <summary>Residual networks of ImageNet's kind as torchvision publishes them. Their numbers are checked in <see cref="ModelGoldenTests"/>.</summary>
public sealed class ImageNetResNetTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    // The counts of torchvision's documentation.
    [Theory]
    [InlineData(18, 11_689_512, 3.63)]
    [InlineData(34, 21_797_672, 7.33)]
    [InlineData(50, 25_557_032, 8.18)]
    public void A_network_has_the_published_parameters_and_operations(int depth, long parameters, double billions)
    {
        using var model = Config(new ImageNetResNetOptions { Depth = depth }, 1000).BuildShapes();
        Assert.Equal(parameters, model.ParameterCount);
        Assert.InRange(model.FlopsPerSample([3, 224, 224]) / 1e9, billions - 0.02, billions + 0.02);
    }

    [Fact]
    public void A_depth_that_there_is_not_is_refused_with_those_that_there_are() =>
        Assert.Contains("18, 34, 50 layers; depth: 20 came", Assert.Throws<DecantException>(() => Config(new ImageNetResNetOptions { Depth = 20 }, 3)).Message);

    [Theory]
    [InlineData("[2, 2, 2]", "basic", "depths is [2, 2, 2]; four numbers")]
    [InlineData("[2, 2, 0, 2]", "basic", "four numbers of at least 1")]
    [InlineData("[2, 2, 2, 9999]", "basic", "from 1 to 2,000 are built")]
    [InlineData("[2, 2, 2, 2]", "wide", "layer_type")]
    public void Settings_that_no_such_network_has_are_refused(string depths, string type, string said)
    {
        _folder.Write("config.json", $$"""{"model_type":"imagenet-resnet","depths":{{depths}},"layer_type":"{{type}}","num_labels":3}""");
        Assert.Contains(said, Assert.Throws<DecantException>(() => ModelFolder.ReadConfig(_folder.Path)).Message);
    }

    [Fact]
    public void An_embedding_may_be_the_last_stages_mean_itself()
    {
        using var scope = TensorScope.Open();
        using var model = (Config(new ImageNetResNetOptions { Width = 2 }, 16, ModelTask.Embedding) with { PooledFeatures = true }).Build();
        ModelFolder.Save(_folder.Path, model);
        using var loaded = ModelFolder.Load(_folder.Path);
        Assert.DoesNotContain(loaded.StateDict().Keys, name => name.StartsWith("fc.", StringComparison.Ordinal));
        var images = new ModelInput(Tensor.Randn([2, 3, 40, 32]));
        Assert.Equal([2, 16], loaded.Forward(images).Shape);
        Assert.Equal(model.InEvaluation(() => model.Forward(images)).ToArray<float>(), loaded.Forward(images).ToArray<float>());
    }

    [Fact]
    public void An_embedding_of_another_width_than_the_last_stages_needs_a_layer() => Assert.Contains(
        "the last stage ends with 16 channels",
        Assert.Throws<DecantException>(() => (Config(new ImageNetResNetOptions { Width = 2 }, 8, ModelTask.Embedding) with { PooledFeatures = true }).Check()).Message);

    private static ImageNetResNetConfig Config(ImageNetResNetOptions options, int classes, ModelTask task = ModelTask.Classification) =>
        (ImageNetResNetConfig)ModelFamilies.All.Single(f => f.Kind == "imagenet-resnet").Configure(options, new ModelContext { Classes = classes, SampleShape = [3, 224, 224], Task = task });
}
