using Decant.Modules;
using Decant.Torch;

namespace Decant.Models.Encoders;

/// <summary>One block: attention and two linear layers, each added to what came in and normalised behind (post-norm).</summary>
internal sealed class EncoderLayer : ModuleTree
{
    private readonly MultiHeadAttention _attention;
    private readonly Linear? _attentionOutput;
    private readonly LayerNorm _attentionNorm;
    private readonly Linear _up;
    private readonly Activation _activation;
    private readonly Linear _down;
    private readonly LayerNorm _outputNorm;
    private readonly Dropout _dropout;

    public EncoderLayer(EncoderShape shape, EncoderNames names, Generator? generator)
    {
        _attention = Place(names.Attention, Attention(shape, names, generator));
        if (names.InnerOutput is null)
            _attentionOutput = Place(names.AttentionOutput, new Linear(shape.Width, shape.Width, generator: generator));
        _attentionNorm = Place(names.AttentionNorm, new LayerNorm(shape.Width, shape.Epsilon));
        _up = Place(names.Up, new Linear(shape.Width, shape.Intermediate, generator: generator));
        _down = Place(names.Down, new Linear(shape.Intermediate, shape.Width, generator: generator));
        _outputNorm = Place(names.OutputNorm, new LayerNorm(shape.Width, shape.Epsilon));
        _activation = Place("activation", new Activation(shape.Activation));
        _dropout = Place("dropout", new Dropout(shape.Dropout));
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

    private static MultiHeadAttention Attention(EncoderShape shape, EncoderNames names, Generator? generator) => new(
        new AttentionOptions
        {
            Width = shape.Width,
            Heads = shape.Heads,
            Dropout = shape.AttentionDropout,
            Names = new() { Query = names.Query, Key = names.Key, Value = names.Value, Output = names.InnerOutput },
        },
        generator);
}
