using Decant.Models.Bert;
using Decant.Models.Cnn;
using Decant.Models.Configuration;
using Decant.Models.Encoders;
using Decant.Models.ImageNetResNet;
using Decant.Models.LstmText;
using Decant.Models.Mlp;
using Decant.Models.ResNet;
using Decant.Models.TextCnn;
using Decant.Modules;
using Decant.Tests.Modules;

namespace Decant.Tests.Models;

public class ModelGoldenTests
{
    private static readonly string[] s_classes = ["a", "b", "c"];

    [Fact]
    public void Mlp_is_the_reference() => Check("mlp", new MlpConfig
    {
        ClassNames = s_classes,
        InputShape = [1, 2, 3],
        HiddenSizes = [5, 4],
        HiddenAct = ActivationKind.Tanh,
    });

    [Fact]
    public void Cnn_is_the_reference() => Check("cnn", new CnnConfig { ClassNames = s_classes, InputShape = [1, 8, 10], Channels = [3, 4], HiddenSize = 6 });

    [Theory]
    [InlineData("resnet-pad-eval", ResNetShortcut.Pad, 4, false)]
    [InlineData("resnet-pad-train", ResNetShortcut.Pad, 4, true)]
    [InlineData("resnet-conv-eval", ResNetShortcut.Conv, 2, false)]
    public void ResNet_is_the_reference(string name, ResNetShortcut shortcut, int stem, bool training) => Check(
        name, new ResNetConfig { ClassNames = s_classes, Depth = 8, EmbeddingSize = stem, HiddenSizes = [4, 8, 16], Shortcut = shortcut }, training, 1e-4);

    [Theory]
    [InlineData("imagenet-resnet-18-eval", ImageNetBlock.Basic, false)]
    [InlineData("imagenet-resnet-18-train", ImageNetBlock.Basic, true)]
    [InlineData("imagenet-resnet-50-eval", ImageNetBlock.Bottleneck, false)]
    internal void ResNet_of_ImageNets_kind_is_torchvisions(string name, ImageNetBlock block, bool training) => Check(
        name, new ImageNetResNetConfig { ClassNames = s_classes, Depths = block == ImageNetBlock.Basic ? [2, 2, 2, 2] : [3, 4, 6, 3], LayerType = block, EmbeddingSize = 2 }, training, 1e-4);

    [Fact]
    public void Wide_ResNet_is_the_reference() => Check("wide-resnet-eval", new ResNetConfig
    {
        ClassNames = s_classes,
        Depth = 10,
        EmbeddingSize = 4,
        HiddenSizes = [4, 8, 16],
        Shortcut = ResNetShortcut.Conv,
        Variant = ResNetVariant.Wide,
    });

    [Theory]
    [InlineData("lstm-classifier-last", LstmPooling.Last)]
    [InlineData("lstm-classifier-mean", LstmPooling.Mean)]
    [InlineData("lstm-classifier-max", LstmPooling.Max)]
    public void Lstm_classifier_is_the_reference(string name, LstmPooling pooling) => Check(name, new LstmConfig
    {
        ClassNames = s_classes,
        VocabSize = 10,
        EmbeddingSize = 4,
        HiddenSize = 3,
        NumHiddenLayers = 2,
        Pooling = pooling,
    });

    [Fact]
    public void Lstm_tagger_is_the_reference_at_the_positions_that_are_asked_about()
    {
        using var model = new LstmConfig
        {
            Task = ModelTask.TokenClassification,
            ClassNames = ["a", "b", "c", "d", "e"],
            VocabSize = 11,
            EmbeddingSize = 4,
            HiddenSize = 3,
            NumHiddenLayers = 2,
        }.Build();
        GoldenCase.Check("lstm-tagger", model, g => model.Forward(new ModelInput(g["values"], g["mask"], Positions: g["positions"])), tolerance: 1e-5);
    }

    [Fact]
    public void TextCnn_is_the_reference_that_reads_one_text_at_a_time() => Check("textcnn", new TextCnnConfig
    {
        ClassNames = s_classes,
        VocabSize = 10,
        EmbeddingSize = 4,
        FilterWidths = [2, 3, 4],
        NumFilters = 5,
    });

    [Theory]
    [InlineData("encoder-first", EncoderPooling.First)]
    [InlineData("encoder-mean", EncoderPooling.Mean)]
    public void Encoder_is_PyTorchs_transformer_under_BERTs_names(string name, EncoderPooling pooling) => Check(name, new BertConfig
    {
        ClassNames = s_classes,
        VocabSize = 10,
        HiddenSize = 8,
        NumHiddenLayers = 2,
        NumAttentionHeads = 2,
        IntermediateSize = 16,
        MaxPositionEmbeddings = 7,
        Pooling = pooling,
        HiddenDropoutProb = 0,
        AttentionProbsDropoutProb = 0,
    });

    private static void Check(string name, ModelConfig config, bool training = false, double tolerance = 3e-5)
    {
        using var model = config.Build();
        GoldenCase.Check(name, model, g => model.Forward(new ModelInput(g["values"], Optional(g, "mask"), Optional(g, "types"))), training, tolerance);
    }

    private static Decant.Torch.Tensor? Optional(GoldenCase golden, string name) => golden.Has(name) ? golden[name] : null;
}
