using Decant.Models.Configuration;
using Decant.Modules;
using Decant.Torch;

namespace Decant.Models.Encoders;

/// <summary>
/// An encoder with its states pooled to one vector per text: their mean or the first token's, divided by its length where requested. Its weights are those
/// of the plain <c>BertModel</c> and its relatives, without a prefix.
/// </summary>
/// <remarks>
/// The pooler of BERT and RoBERTa takes no part. It is kept with the weights, since other programs look for it, but it is neither trained nor counted.
/// </remarks>
internal sealed class EncoderEmbedder : Model, IConfigured
{
    private const double Least = 1e-12; // as PyTorch's normalize

    private readonly EncoderConfig _config;
    private readonly Encoder _encoder;

    internal EncoderEmbedder(EncoderConfig config, Generator? generator, Encoder? trunk = null)
    {
        _config = config;
        _encoder = new Encoder(config, generator, trunk: trunk);
        foreach (var (name, part) in _encoder.Children)
            RegisterModule(name, part);
        if (config.HasPooler)
            RegisterModule("pooler", new IdlePooler(config, generator));
        Encoder.Draw(this, config, generator, trunk);
    }

    /// <inheritdoc/>
    public ModelConfig Config => _config;

    /// <inheritdoc/>
    public override string Kind => _config.Kind;

    /// <inheritdoc/>
    public override ModelLayers Layers => _encoder.LayersIn(this);

    /// <inheritdoc/>
    public override int Classes => _config.Shape.Width;

    /// <inheritdoc/>
    public override Tensor Forward(ModelInput input)
    {
        using var scope = TensorScope.Open();
        var pooled = RecordActivation(_encoder.Pooled(input), Representation); // [B, H]
        return scope.Keep(Finished(pooled));
    }

    /// <summary>The vectors [B, H], and the states of the tokens [B, T, H] that they were pooled of.</summary>
    internal (Tensor Vectors, Tensor States) ForwardWithStates(ModelInput input)
    {
        using var scope = TensorScope.Open();
        var states = _encoder.States(input);
        return (scope.Keep(Finished(_encoder.Pool(states, input.AttentionMask))), scope.Keep(states));
    }

    private Tensor Finished(Tensor pooled) => _config.Normalize ? pooled / pooled.Norm([1], keep: true).Clamp(Least) : pooled;

    /// <inheritdoc/>
    public override long FlopsPerSample(ReadOnlySpan<long> sampleShape) => _encoder.Flops(sampleShape[0]);

    private sealed class IdlePooler : ModuleTree
    {
        public IdlePooler(EncoderConfig config, Generator? generator) => Place("dense", new Weights(config, generator));

        private sealed class Weights : Module
        {
            public Weights(EncoderConfig config, Generator? generator)
            {
                var width = config.Shape.Width;
                RegisterBuffer("weight", Initialise.Normal([width, width], config.InitializerRange, generator), optional: true);
                RegisterBuffer("bias", Tensor.Zeros([width]), optional: true);
            }
        }
    }
}
