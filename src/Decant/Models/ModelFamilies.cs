using System.Text.Json.Nodes;
using Decant.Models.Bert;
using Decant.Models.Cnn;
using Decant.Models.Configuration;
using Decant.Models.DistilBert;
using Decant.Models.Encoders;
using Decant.Models.ImageNetResNet;
using Decant.Models.LstmLanguage;
using Decant.Models.LstmText;
using Decant.Models.Mlp;
using Decant.Models.ResNet;
using Decant.Models.Roberta;
using Decant.Models.Static;
using Decant.Models.TextCnn;

namespace Decant.Models;

/// <summary>Every kind of model there is. A new one is a folder and a line here.</summary>
public static class ModelFamilies
{
    /// <summary>All of them.</summary>
    public static IReadOnlyList<ModelFamily> All { get; } =
    [
        ModelFamily.Of<MlpOptions, MlpConfig>("mlp", "multilayer perceptron, for images and vectors", ["mlp"], MlpClassifier.Configure),
        ModelFamily.Of<CnnOptions, CnnConfig>("cnn", "small convolutional network, for images", ["cnn"], CnnClassifier.Configure),
        ModelFamily.Of<ResNetOptions, ResNetConfig>(
            "resnet", "residual network in the style of CIFAR, for images", ["cifar-resnet", "wide-resnet"], ResNetConfig.From),
        ModelFamily.Of<ImageNetResNetOptions, ImageNetResNetConfig>(
            "imagenet-resnet", "residual network in the style of ImageNet (ResNet-18, 34, 50), for images", ["imagenet-resnet"], ImageNetResNetConfig.From),
        ModelFamily.Of<LstmOptions, LstmConfig>("lstm", "recurrent text classifier, in one or both directions", ["lstm"], LstmClassifier.Configure),
        ModelFamily.Of<LstmLanguageOptions, LstmLanguageConfig>(
            "lstm-lm", "recurrent language model", ["lstm-lm"], LstmLanguageModel.Configure, ModelTask.CausalLanguageModel),
        ModelFamily.Of<TextCnnOptions, TextCnnConfig>("textcnn", "convolutional text classifier (Kim 2014)", ["textcnn"], TextCnnClassifier.Configure),
        ModelFamily.Of<StaticOptions, StaticConfig>(
            "static", "table of token vectors whose mean is the text's (Model2Vec)", [StaticConfig.Own, StaticConfig.Model2Vec], StaticTextModel.Configure, ModelTask.Embedding),
        ModelFamily.Of<BertOptions, BertConfig>(
            "encoder", "transformer encoder, BERT's architecture, for text", ["bert", "bert-mean-pooling", "bert-compact", "bert-mean-pooling-compact"], BertConfig.From, keys: BertStyleConfig.Keys()),
        ModelFamily.Of<DistilBertOptions, DistilBertConfig>(
            "distilbert", "transformer encoder, DistilBERT's architecture, for text", ["distilbert", "distilbert-compact"], DistilBertConfig.From, keys: EncoderConfig.Keys()),
        ModelFamily.Of<RobertaOptions, RobertaConfig>(
            "roberta", "transformer encoder, RoBERTa's architecture, for text", ["roberta", "roberta-compact"], RobertaConfig.From, keys: BertStyleConfig.Keys()),
        .. DecoderFamilies.All,
    ];

    /// <summary>The settings in a <c>config.json</c> of any family.</summary>
    /// <exception cref="DecantException">No <c>model_type</c>, one that is not known, or settings that are wrong.</exception>
    internal static ModelConfig Read(JsonObject json)
    {
        ArgumentNullException.ThrowIfNull(json);
        var known = string.Join(", ", All.SelectMany(f => f.ModelTypes));
        if (TypeOf(json) is not { } type)
            throw new DecantException($"There is no model_type; expected one of {known}. Is this the config.json of a model?");
        var family = All.FirstOrDefault(f => f.ModelTypes.Contains(type))
            ?? throw new DecantException($"Models of type '{type}' are not known; known are {known}.");
        return family.Read(json);
    }

    // The first published files of BERT and RoBERTa have no model_type; no other kind of model has all of these.
    private static string? TypeOf(JsonObject json)
    {
        if (json["model_type"] is { } named)
            return named is JsonValue value && value.TryGetValue<string>(out var type) ? type : null;
        string[] keys = ["vocab_size", "type_vocab_size", "hidden_act", "attention_probs_dropout_prob", "max_position_embeddings"];
        if (!Array.TrueForAll(keys, json.ContainsKey))
            return null;
        var architecture = (json["architectures"] as JsonArray)?.FirstOrDefault()?.ToString() ?? "Bert";
        return architecture.StartsWith("Bert", StringComparison.Ordinal) ? "bert" : architecture.StartsWith("Roberta", StringComparison.Ordinal) ? "roberta" : null;
    }
}
