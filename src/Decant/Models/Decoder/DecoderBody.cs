using Decant.Models.Configuration;
using Decant.Modules;
using Decant.Torch;

namespace Decant.Models.Decoder;

/// <summary>A decoder without its head: embedding, layers, and a last norm.</summary>
internal sealed class DecoderBody : Module
{
    private readonly Embedding? _positions;
    private readonly RotaryEmbedding? _rotary;
    private readonly Dropout _dropout;
    private readonly ModuleList<DecoderLayer> _layers;
    private readonly ILayer _norm;

    public DecoderBody(DecoderPlan plan, Generator? generator)
    {
        var (names, deviation) = (plan.Names, plan.InitializerRange);
        Embedding = RegisterModule(names.Embedding, new Embedding(plan.Vocabulary, plan.Width, null, deviation, generator));
        if (plan.Rotary is { } frequencies)
            _rotary = RegisterModule("rotary_emb", new RotaryEmbedding(frequencies));
        else
            _positions = RegisterModule(names.Positions!, new Embedding(plan.MaxTokens, plan.Width, null, deviation, generator));
        _dropout = RegisterModule("drop", new Dropout(plan.EmbeddingDropout));
        _layers = RegisterModule(
            names.Layers, new ModuleList<DecoderLayer>(LayerGroups.Make(plan.Groups, plan.Layers, i => new DecoderLayer(plan, i, generator))));
        _norm = (ILayer)RegisterModule(names.LastNorm, plan.Norm());
    }

    public Embedding Embedding { get; }

    /// <summary>How fast rotations turn; null: positions are vectors.</summary>
    public RotaryFrequencies? Frequencies => _rotary?.Frequencies;

    /// <summary>[B, T] to [B, T, H], before the last norm.</summary>
    /// <param name="tokens">The last T of S positions.</param>
    /// <param name="mask">[B, S]; null: no padding that could be seen.</param>
    /// <param name="segments">[B, S]; null: every row is one document.</param>
    /// <param name="caches">What every layer read before; null: nothing, and nothing is kept.</param>
    public Tensor Forward(Tensor tokens, Tensor? mask, Tensor? segments, IReadOnlyList<KeyValueCache>? caches)
    {
        using var scope = TensorScope.Open();
        var queries = tokens.Size(1);
        var x = Embedding.Forward(tokens); // [B, T, H]
        var keys = queries + (caches?[0].Length ?? 0);
        var view = new DecoderView(queries, keys, mask, segments, x.DType, x.Device);
        view.Limit(_layers.Select(l => l.Window));
        if (_rotary is not null)
            view.Turn(_rotary);
        if (_positions is not null)
            x = x.Add(view.Positions is { } places ? _positions.Forward(places) : _positions.Weight.Narrow(0, keys - queries, queries));
        x = _dropout.Forward(x);
        for (var i = 0; i < _layers.Count; i++)
            x = Layer(i, x, view, caches?[i]);
        return RecordActivation(scope.Keep(x));
    }

    /// <summary>Makes what is kept for all positions, for texts of a length.</summary>
    public void Reserve(long positions) => _rotary?.Reserve(positions);

    /// <summary>Where the layers are in a model.</summary>
    public ModelLayers LayersIn(Module model) => ModelLayers.Of(model, _dropout, _layers);

    /// <summary>The last norm.</summary>
    public Tensor Norm(Tensor states) => _norm.Forward(states);

    public long Flops(long length) => _layers.Sum(layer => layer.Flops(length));

    private Tensor Layer(int index, Tensor input, DecoderView view, KeyValueCache? cache) => cache is null
        ? Recomputation.Of(_layers[index], input, [view.Bias(_layers[index].Window), view.Rotation?.Cosines, view.Rotation?.Sines], x => _layers[index].Forward(x, view, null))
        : _layers[index].Forward(input, view, cache);
}
