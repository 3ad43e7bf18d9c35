using Decant.Modules;
using Decant.Torch;

namespace Decant.Models.Encoders;

/// <summary>One block: attention and two linear layers, each added to what came in and normalised behind (post-norm).</summary>
internal sealed class EncoderLayer : ModuleTree
{
    private readonly MultiHeadAttention _attention;
    private readonly ILinear? _attentionOutput;
    private readonly LayerNorm _attentionNorm;
    private readonly ILinear _up;
    private readonly Activation _activation;
    private readonly ILinear _down;
    private readonly LayerNorm _outputNorm;
    private readonly Dropout _dropout;

    /// <summary>A block with drawn weights.</summary>
    /// <param name="shape">The encoder.</param>
    /// <param name="names">How its family calls the parts.</param>
    /// <param name="ranks">The ranks of linear layers in two factors, by path; the others are whole.</param>
    /// <param name="generator">Where the weights are drawn from; null is libtorch's own.</param>
    public EncoderLayer(EncoderShape shape, EncoderNames names, IReadOnlyDictionary<string, int> ranks, Generator? generator)
    {
        _attention = Place(names.Attention, Attention(shape, names, ranks, generator));
        if (names.InnerOutput is null)
            _attentionOutput = Linear(names.AttentionOutput, shape.Width, shape.Width);
        _attentionNorm = Place(names.AttentionNorm, new LayerNorm(shape.Width, shape.Epsilon));
        _up = Linear(names.Up, shape.Width, shape.Intermediate);
        _down = Linear(names.Down, shape.Intermediate, shape.Width);
        _outputNorm = Place(names.OutputNorm, new LayerNorm(shape.Width, shape.Epsilon));
        _activation = Place("activation", new Activation(shape.Activation));
        _dropout = Place("dropout", new Dropout(shape.Dropout));

        ILinear Linear(string path, int inputs, int outputs) =>
            (ILinear)Place(path, LowRankLinear.Make(inputs, outputs, ranks.TryGetValue(path, out var rank) ? rank : null, generator: generator));
    }

    /// <summary>[B, T, H] to [B, T, H].</summary>
    public Tensor Forward(Tensor input, Tensor? bias)
    {
        using var scope = TensorScope.Open();
        var looked = _attention.Forward(input, bias);
        var x = _attentionNorm.Forward(_dropout.Forward(_attentionOutput?.Forward(looked) ?? looked) + input);
        var wide = _activation.Forward(_up.Forward(x)); // [B, T, intermediate]
        return RecordActivation(scope.Keep(_outputNorm.Forward(_dropout.Forward(_down.Forward(wide)) + x)));
    }

    public long Flops(long length) => _attention.Flops(length) + (_attentionOutput?.Flops(length) ?? 0) + _up.Flops(length) + _down.Flops(length);

    private static MultiHeadAttention Attention(EncoderShape shape, EncoderNames names, IReadOnlyDictionary<string, int> ranks, Generator? generator) => new(
        new AttentionOptions
        {
            Width = shape.Width,
            Heads = shape.Heads,
            Dropout = shape.AttentionDropout,
            Ranks = ranks.Where(r => r.Key.StartsWith(names.Attention + ".", StringComparison.Ordinal)).ToDictionary(r => r.Key[(names.Attention.Length + 1)..], r => r.Value),
            Names = new() { Query = names.Query, Key = names.Key, Value = names.Value, Output = names.InnerOutput },
        },
        generator);
}
