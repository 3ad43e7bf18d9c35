using Decant.Modules;
using Decant.Torch;

namespace Decant.Models;

/// <summary>BERT without a head: embeddings, <c>encoder.layer.0</c> …, and the pooler where there is one.</summary>
internal sealed class BertModel : Module
{
    private readonly BertConfig _config;
    private readonly BertEmbeddings _embeddings;
    private readonly BertEncoder _encoder;
    private readonly BertPooler? _pooler;

    public BertModel(BertConfig config, Generator? generator)
    {
        _config = config;
        _embeddings = RegisterModule("embeddings", new BertEmbeddings(config, generator));
        _encoder = RegisterModule("encoder", new BertEncoder(config, generator));
        if (config.Pooling == EncoderPooling.First)
            _pooler = RegisterModule("pooler", new BertPooler(config, generator));
    }

    /// <summary>[B, T] to [B, H].</summary>
    public Tensor Forward(ModelInput input)
    {
        using var scope = TensorScope.Open();
        var x = _embeddings.Forward(input.Values, input.TokenTypes); // [B, T, H]
        var bias = input.AttentionMask is { } mask ? TokenMask.ToAttentionBias(mask, _config.NumAttentionHeads, x.DType) : null;
        foreach (var layer in _encoder.Layers)
            x = layer.Forward(x, bias);
        return scope.Keep(_pooler?.Forward(x) ?? TokenMask.Mean(x, input.AttentionMask));
    }

    public long Flops(long length) => _encoder.Layers.Sum(layer => layer.Flops(length)) + (_pooler?.Flops() ?? 0);

    private sealed class BertEncoder : Module
    {
        public BertEncoder(BertConfig config, Generator? generator) =>
            Layers = RegisterModule(
                "layer", new ModuleList<BertLayer>(Enumerable.Range(0, config.NumHiddenLayers).Select(_ => new BertLayer(config, generator))));

        public ModuleList<BertLayer> Layers { get; }
    }

    private sealed class BertPooler : Module
    {
        private readonly Linear _dense;

        public BertPooler(BertConfig config, Generator? generator) =>
            _dense = RegisterModule("dense", new Linear(config.HiddenSize, config.HiddenSize, generator: generator));

        public Tensor Forward(Tensor states) => _dense.Forward(states.Select(1, 0)).Tanh();

        public long Flops() => _dense.Flops();
    }
}
