using System.Text.Json;
using System.Text.Json.Nodes;
using Decant.Models.Configuration;
using Decant.Torch;

namespace Decant.Export.Onnx.Importing;

/// <summary>BERT, RoBERTa or DistilBERT, with or without a classifier.</summary>
internal sealed class EncoderImport : IImported
{
    private static readonly JsonSerializerOptions s_activation = new() { Converters = { new ActivationConverter() } };

    private readonly NamedWeights _weights;
    private readonly EncoderNaming _naming;
    private readonly string? _head;

    private EncoderImport(ReadGraph graph, NamedWeights weights, EncoderNaming naming, ImportOptions options)
    {
        (_weights, _naming) = (weights, naming);
        if (weights.Nameless.Count > 0)
        {
            throw new DecantException(
                $"{graph.Path}: {weights.Nameless.Count} matrices belong to no layer that is known: {string.Join("; ", weights.Nameless.Take(3))}{(weights.Nameless.Count > 3 ? "; …" : "")}. " +
                $"A linear layer is known by the name of its bias, which is added to the product, as torch.onnx.export writes it; export the {naming.Family} model again without renaming or fusing.");
        }

        _head = Array.Find(["classifier.out_proj.weight", "classifier.weight"], name => weights.Has(naming.Outer + name));
        var layers = naming.CountLayers(weights);
        var words = weights.ShapeOf(naming.WordsName)!;
        Config = Common(graph, layers, words, options);
        if (HasHead)
            AddHead(Config);
    }

    /// <inheritdoc/>
    public JsonObject Config { get; }

    /// <inheritdoc/>
    public IReadOnlyList<string> Notes => [];

    /// <summary>Whether it ends with classes or numbers; false: with the tokens' states.</summary>
    public bool HasHead => _head is not null;

    /// <summary>The encoder that a graph holds; null: its weights have other names.</summary>
    /// <exception cref="DecantException">It is one, and something of it is missing or not served.</exception>
    public static EncoderImport? Of(ReadGraph graph, ImportOptions options)
    {
        var weights = NamedWeights.Of(graph);
        return EncoderNaming.Of(graph, weights) is { } naming ? new EncoderImport(graph, weights, naming, options) : null;
    }

    /// <summary>Sets the token that fills up texts.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="ofTokenizer">The tokenizer's; null: it has none.</param>
    /// <exception cref="DecantException">RoBERTa's graph, which numbers positions from that token on, has another one.</exception>
    public void SetPadding(ReadGraph graph, int? ofTokenizer)
    {
        const int OfRoberta = 1;
        if (_naming.Family == "roberta" && ofTokenizer is { } other && other != OfRoberta)
            throw new DecantException($"{graph.Path} is a RoBERTa, whose positions begin behind the padding token {OfRoberta}, and the tokenizer fills texts up with {other}: they do not belong together. Name the model's own tokenizer with --vocabulary.");
        Config["pad_token_id"] = _naming.Family == "roberta" ? OfRoberta : ofTokenizer ?? 0;
    }

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, Tensor> Weights() => _weights.Names.ToDictionary(name => _naming.Own(name, HasHead), _weights.Tensor, StringComparer.Ordinal);

    private JsonObject Common(ReadGraph graph, int layers, long[] words, ImportOptions options)
    {
        var width = checked((int)words[1]);
        var heads = EncoderFacts.Heads(graph, width, options.Heads);
        var positions = _weights.ShapeOf(_naming.Prefix + "embeddings.position_embeddings.weight")
            ?? throw new DecantException($"{graph.Path}: there is no {_naming.Prefix}embeddings.position_embeddings.weight; models with a learned embedding for each position are served.");
        var intermediate = _weights.ShapeOf($"{_naming.Prefix}{_naming.Layers}.0.{_naming.Up}.weight")![0];
        var activation = JsonSerializer.SerializeToNode(EncoderFacts.Activation(graph), s_activation);
        var config = new JsonObject
        {
            ["model_type"] = _naming.Family,
            ["architectures"] = new JsonArray(_naming.Architecture + "Model"),
            ["vocab_size"] = words[0],
            ["max_position_embeddings"] = positions[0],
        };
        if (_naming.Family == "distilbert")
        {
            (config["dim"], config["n_layers"], config["n_heads"], config["hidden_dim"], config["activation"]) = (width, layers, heads, intermediate, activation);
            return config;
        }

        (config["hidden_size"], config["num_hidden_layers"], config["num_attention_heads"]) = (width, layers, heads);
        (config["intermediate_size"], config["hidden_act"], config["layer_norm_eps"]) = (intermediate, activation, EncoderFacts.Epsilon(graph));
        config["type_vocab_size"] = _weights.ShapeOf(_naming.Prefix + "embeddings.token_type_embeddings.weight")?[0] ?? 1;
        return config;
    }

    // BERT answers for a whole text by way of its pooler, the others by way of a layer of their own; for tokens there is no such layer.
    private void AddHead(JsonObject config)
    {
        var classes = _weights.ShapeOf(_naming.Outer + _head)![0];
        var readsText = _head!.Contains("out_proj", StringComparison.Ordinal) || _weights.Has(_naming.Outer + "pre_classifier.weight") || _weights.Has(_naming.Prefix + "pooler.dense.weight");
        var task = !readsText ? ModelTask.TokenClassification : classes == 1 ? ModelTask.Regression : ModelTask.Classification;
        config["architectures"] = new JsonArray(_naming.Architecture + task.Suffix());
        config["num_labels"] = classes;
        if (task == ModelTask.Regression)
            config["problem_type"] = "regression";
    }
}
