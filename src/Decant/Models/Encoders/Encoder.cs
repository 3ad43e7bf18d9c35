using Decant.Models.Configuration;
using Decant.Modules;
using Decant.Torch;

namespace Decant.Models.Encoders;

/// <summary>A transformer encoder without a head: embeddings, layers, and BERT's pooler where a task needs it.</summary>
internal sealed class Encoder : ModuleTree
{
    private readonly EncoderConfig _config;
    private readonly EncoderShape _shape;
    private readonly EncoderEmbeddings _embeddings;
    private readonly ModuleList<EncoderLayer> _layers;
    private readonly EncoderPooler? _pooler;

    /// <summary>An encoder.</summary>
    /// <param name="config">Its settings.</param>
    /// <param name="generator">Where weights are drawn from.</param>
    /// <param name="pooler">Whether there is one; it is a part of the head, under any name.</param>
    /// <param name="trunk">The encoder with the embeddings and layers that it shares; null: it has its own.</param>
    public Encoder(EncoderConfig config, Generator? generator, bool pooler = false, Encoder? trunk = null)
    {
        (_config, _shape) = (config, config.Shape);
        _embeddings = Place("embeddings", trunk?._embeddings ?? new EncoderEmbeddings(_shape, generator));
        _layers = Place(
            config.Names.Layers,
            trunk?._layers ?? new ModuleList<EncoderLayer>(LayerGroups.Make(_shape.Groups, _shape.Layers, layer => new EncoderLayer(_shape, config.Names, config.Blocks.RanksOf(layer), generator))));
        if (pooler)
            _pooler = Place("pooler", new EncoderPooler(_shape.Width, generator));
    }

    /// <summary>The words' vectors [V, H], or [V, E] where <see cref="WordsToStates"/> makes them as wide as the states.</summary>
    public Tensor Words => _embeddings.Words;

    /// <summary>[H, E]; null: words are as wide as the states.</summary>
    public Tensor? WordsToStates => _embeddings.ToStates;

    /// <summary>Where the layers are in a model.</summary>
    public ModelLayers LayersIn(Module model) => ModelLayers.Of(model, _embeddings, _layers);

    /// <summary>[B, T] to [B, T, H].</summary>
    public Tensor States(ModelInput input)
    {
        ArgumentNullException.ThrowIfNull(input);
        InputCheck.Tokens(input.Values, _shape.Longest, _config.Kind);
        InputCheck.NoSegments(input, _config.Kind);
        using var scope = TensorScope.Open();
        var x = _embeddings.Forward(input); // [B, T, H]
        var bias = input.AttentionMask is { } mask ? TokenMask.ToAttentionBias(mask, _shape.Heads, x.DType) : null;
        foreach (var layer in _layers)
            x = Recomputation.Of(layer, x, [bias], y => layer.Forward(y, bias));
        return RecordActivation(scope.Keep(x));
    }

    /// <summary>[B, T] to [B, H]: the first token's state, through the pooler if there is one, the mean, the largest, or the last token's.</summary>
    public Tensor Pooled(ModelInput input)
    {
        using var scope = TensorScope.Open();
        return scope.Keep(Pool(States(input), input.AttentionMask));
    }

    /// <summary>[B, T, H] to [B, H], as the settings say it.</summary>
    public Tensor Pool(Tensor states, Tensor? mask)
    {
        using var scope = TensorScope.Open();
        return scope.Keep(_config.PoolingOfTask switch
        {
            EncoderPooling.Mean => TokenMask.Mean(states, mask),
            EncoderPooling.Max => TokenMask.Max(states, mask),
            EncoderPooling.Last => TokenMask.Last(states, mask),
            _ => states.Select(1, 0) is var first && _pooler is not null ? _pooler.Forward(first) : first,
        });
    }

    public long Flops(long length) => _embeddings.Flops(length) + _layers.Sum(layer => layer.Flops(length)) + (_pooler?.Flops() ?? 0);

    /// <summary>Draws the weights of all linear layers again as BERT's: normally; their biases are 0. Those of a trunk that was there before stay.</summary>
    public static void Draw(Module model, EncoderConfig config, Generator? generator, Encoder? trunk = null)
    {
        var there = trunk?.NamedModules().Select(m => m.Value).ToHashSet() ?? [];
        Module[] own = [.. model.NamedModules().Select(m => m.Value).Where(module => !there.Contains(module))];
        var factors = own.OfType<LowRankLinear>().SelectMany(l => l.Children.Select(c => c.Value)).ToHashSet();
        foreach (var linear in own.OfType<Linear>().Where(linear => !factors.Contains(linear) && linear.Bias is not null).DistinctBy(linear => linear.Weight))
        {
            Initialise.Redraw(linear.Weight, config.InitializerRange, generator);
            Initialise.Zero(linear.Bias!);
        }

        foreach (var linear in own.OfType<LowRankLinear>().DistinctBy(linear => linear.NamedParameters().First().Value))
            linear.Redraw(config.InitializerRange, generator);
        foreach (var embeddings in own.OfType<EncoderEmbeddings>())
            embeddings.RedrawProjection(generator);
    }
}

/// <summary>A linear layer and tanh.</summary>
internal sealed class EncoderPooler : Module
{
    private readonly Linear _dense;

    public EncoderPooler(int width, Generator? generator) => _dense = RegisterModule("dense", new Linear(width, width, generator: generator));

    /// <summary>[B, H] to [B, H].</summary>
    public Tensor Forward(Tensor first) => RecordActivation(_dense.Forward(first).Tanh());

    public long Flops() => _dense.Flops();
}
