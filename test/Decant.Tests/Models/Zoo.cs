using Decant.Models;
using Decant.Models.Bert;
using Decant.Models.Cnn;
using Decant.Models.Configuration;
using Decant.Models.DistilBert;
using Decant.Models.Encoders;
using Decant.Models.ImageNetResNet;
using Decant.Models.LstmText;
using Decant.Models.Mlp;
using Decant.Models.ResNet;
using Decant.Models.Roberta;
using Decant.Models.Static;
using Decant.Models.TextCnn;
using Decant.Modules;
using Decant.Torch;

namespace Decant.Tests.Models;

/// <summary>A small model of every kind, and inputs for it.</summary>
internal static class Zoo
{
    public static readonly ModelContext Images = new() { Classes = 3, SampleShape = [3, 12, 12] };

    public static readonly ModelContext Text = new() { Classes = 3, VocabularySize = 30, PadToken = 0, MaxTokens = 20, ClassNames = ["好", "bad", "neutral"] };

    private static readonly Dictionary<string, (string Kind, ModelOptions Options)> s_options = new()
    {
        ["mlp"] = ("mlp", new MlpOptions { Hidden = [8, 6], Dropout = 0.5, InputDropout = 0.2 }),
        ["cnn"] = ("cnn", new CnnOptions { Channels = [4, 6], Hidden = 8 }),
        ["resnet"] = ("resnet", new ResNetOptions { Depth = 8 }),
        ["resnet-conv"] = ("resnet", new ResNetOptions { Depth = 8, Width = 2, Stem = 16, Shortcut = ResNetShortcut.Conv }),
        ["resnet-wide"] = ("resnet", new ResNetOptions { Depth = 10, Variant = ResNetVariant.Wide, Dropout = 0.3 }),
        ["imagenet-resnet"] = ("imagenet-resnet", new ImageNetResNetOptions { Width = 2 }),
        ["imagenet-resnet-50"] = ("imagenet-resnet", new ImageNetResNetOptions { Depth = 50, Width = 2 }),
        ["lstm"] = ("lstm", new LstmOptions { Embedding = 6, Hidden = 5, Layers = 2, Dropout = 0.3 }),
        ["lstm-one-way"] = ("lstm", new LstmOptions { Embedding = 6, Hidden = 5, Bidirectional = false }),
        ["lstm-mean"] = ("lstm", new LstmOptions { Embedding = 6, Hidden = 5, Pooling = LstmPooling.Mean }),
        ["lstm-max"] = ("lstm", new LstmOptions { Embedding = 6, Hidden = 5, Pooling = LstmPooling.Max }),
        ["textcnn"] = ("textcnn", new TextCnnOptions { Embedding = 6, Filters = 5 }),
        ["static"] = ("static", new StaticOptions { Dimensions = 6 }),
        ["static-hidden"] = ("static", new StaticOptions { Dimensions = 6, Hidden = 5, Normalize = true }),
        ["encoder"] = ("encoder", new BertOptions { Hidden = 16, Heads = 4 }),
        ["encoder-mean"] = ("encoder", new BertOptions { Hidden = 16, Heads = 4, Pooling = EncoderPooling.Mean }),
        ["encoder-shared"] = ("encoder", new BertOptions { Layers = 3, Hidden = 16, Heads = 4, ShareLayers = [0, 1, 0] }),
        ["encoder-low-rank"] = ("encoder", new BertOptions { Hidden = 16, Heads = 4, Rank = 10, Embedding = 5, Pooling = EncoderPooling.Mean }),
        ["distilbert-compact"] = ("distilbert", new DistilBertOptions { Layers = 4, Hidden = 16, Heads = 4, UniqueLayers = 2, Rank = 3, Embedding = 5 }),
        ["roberta-low-rank"] = ("roberta", new RobertaOptions { Hidden = 16, Heads = 4, Rank = 4, Factorize = FactorizedLayers.Attention }),
        ["distilbert"] = ("distilbert", new DistilBertOptions { Hidden = 16, Heads = 4 }),
        ["roberta"] = ("roberta", new RobertaOptions { Hidden = 16, Heads = 4 }),
    };

    public static TheoryData<string> All => [.. s_options.Keys];

    public static TheoryData<string> Readers => [.. s_options.Keys.Where(IsText)];

    public static bool IsText(string name) => s_options[name].Kind is "lstm" or "textcnn" or "static" or "encoder" or "distilbert" or "roberta";

    public static Model Create(string name, ulong seed = 1)
    {
        using var generator = new Generator(seed);
        var (kind, options) = s_options[name];
        return ModelFamilies.All.Single(f => f.Kind == kind).Create(options, IsText(name) ? Text : Images, generator);
    }

    /// <summary>Images, or texts of 9, 2, 5 and 1 tokens in a batch of that width.</summary>
    public static ModelInput Input(string name, int width = 9, ulong seed = 4)
    {
        using var generator = new Generator(seed);
        if (!IsText(name))
            return new ModelInput(Tensor.Randn([4, 3, 12, 12], generator));
        int[] lengths = [9, 2, 5, 1];
        var tokens = lengths.Select((n, row) => Enumerable.Range(0, width).Select(t => t < n ? (long)((row * 7 + t * 5) % 29 + 1) : 0)).SelectMany(t => t);
        var mask = lengths.Select(n => Enumerable.Range(0, width).Select(t => t < n)).SelectMany(t => t);
        return new ModelInput(Tensor.From(tokens.ToArray(), 4, width), Tensor.From(mask.ToArray(), 4, width));
    }

    /// <summary>Some rows of an input.</summary>
    public static ModelInput Rows(ModelInput input, long start, long count) => new(
        input.Values.Narrow(0, start, count), input.AttentionMask?.Narrow(0, start, count));
}
