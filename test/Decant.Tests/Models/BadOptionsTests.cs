using Decant.Models.Bert;
using Decant.Models.Cnn;
using Decant.Models.Configuration;
using Decant.Models.Mlp;
using Decant.Models.ResNet;
using Decant.Models.TextCnn;
using Decant.Modules;
using Decant.Torch;

namespace Decant.Tests.Models;

public class BadOptionsTests
{
    private static readonly ModelContext s_images = new() { Classes = 2, SampleShape = [3, 8, 8] };
    private static readonly ModelContext s_text = new() { Classes = 2, VocabularySize = 50, MaxTokens = 16 };

    [Fact]
    public void Heads_that_do_not_divide_the_width_are_refused_with_those_that_do() => Refused(
        () => BertClassifier.Create(new BertOptions { Hidden = 12, Heads = 5 }, s_text), "5 heads do not divide a hidden width of 12", "1, 2, 3, 4, 6, 12");

    [Fact]
    public void A_depth_that_no_ResNet_has_is_refused_with_its_neighbours()
    {
        Refused(() => ResNetClassifier.Create(new ResNetOptions { Depth = 21 }, s_images), "depth is 21; 6n + 2", "20 or 26");
        Refused(() => ResNetClassifier.Create(new ResNetOptions { Depth = 20, Variant = ResNetVariant.Wide }, s_images), "depth is 20; 6n + 4", "16 or 22");
    }

    [Fact]
    public void An_image_that_is_used_up_by_the_poolings_is_refused() => Refused(
        () => CnnClassifier.Create(new CnnOptions { Channels = [4, 4, 4, 4, 4, 4] }, s_images), "an image of 8×8 is used up", "padding 1");

    [Fact]
    public void Zeros_cannot_pass_fewer_channels() => Refused(
        () => ResNetClassifier.Create(new ResNetOptions { Depth = 8, Stem = 32 }, s_images), "channels shrink", "shortcut: conv");

    [Fact]
    public void Dropout_of_the_basic_variant_is_refused() => Refused(
        () => ResNetClassifier.Create(new ResNetOptions { Depth = 8, Dropout = 0.3 }, s_images), "only blocks of the wide variant");

    [Fact]
    public void Positions_fewer_than_tokens_are_refused() => Refused(
        () => BertClassifier.Create(new BertOptions { MaxPositions = 8 }, s_text), "max-positions is 8", "up to 16 tokens");

    [Fact]
    public void Text_is_refused_by_models_of_images_and_images_by_models_of_text()
    {
        Refused(() => MlpClassifier.Create(new MlpOptions(), s_text), "'mlp' reads images or vectors, but text came", "textcnn");
        Refused(() => CnnClassifier.Create(new CnnOptions(), s_text), "'cnn' reads images");
        Refused(() => TextCnnClassifier.Create(new TextCnnOptions(), s_images), "'textcnn' reads text", "[3, 8, 8]");
        Refused(() => CnnClassifier.Create(new CnnOptions(), new ModelContext { Classes = 2, SampleShape = [4] }), "a sample of shape [4] came");
    }

    [Fact]
    public void All_faults_are_told_at_once() => Refused(
        () => TextCnnClassifier.Create(new TextCnnOptions { Embedding = 0, Widths = [3, 0], Filters = -1, Dropout = 1 }, s_text),
        "embedding is 0", "widths is [3, 0]", "filters is -1", "dropout is 1");

    [Fact]
    public void Names_of_classes_are_as_many_as_classes_and_different()
    {
        Refused(() => MlpClassifier.Create(new MlpOptions(), s_images with { ClassNames = ["a"] }), "2 classes", "1 class names came");
        Refused(() => MlpClassifier.Create(new MlpOptions(), s_images with { ClassNames = ["a", "a"] }), "two classes are named 'a'");
    }

    [Fact]
    public void A_batch_of_another_shape_is_refused_with_the_shape_that_was_expected()
    {
        using var scope = TensorScope.Open();
        var image = new ModelInput(Tensor.Zeros([2, 3, 9, 8]));
        using var mlp = MlpClassifier.Create(new MlpOptions(), s_images);
        Refused(() => mlp.Forward(image), "expects [B, 3, 8, 8]; [2, 3, 9, 8] came");
        using var resnet = ResNetClassifier.Create(new ResNetOptions { Depth = 8 }, s_images);
        Refused(() => resnet.Forward(new ModelInput(Tensor.Zeros([2, 1, 8, 8]))), "expects [B, 3, H, W]");
        using var encoder = BertClassifier.Create(new BertOptions { Hidden = 8 }, s_text);
        Refused(() => encoder.Forward(new ModelInput(Tensor.Zeros([1, 17], DType.Int64))), "at most 16 tokens", "max-tokens");
        Refused(() => encoder.Forward(new ModelInput(Tensor.Zeros([1, 0], DType.Int64))), "token ids [B, T]");
    }

    private static void Refused(Action action, params string[] said)
    {
        var error = Assert.Throws<DecantException>(action);
        Assert.All(said, s => Assert.Contains(s, error.Message));
    }
}
