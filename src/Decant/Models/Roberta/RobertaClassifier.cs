using Decant.Models.Configuration;
using Decant.Models.Encoders;
using Decant.Modules;
using Decant.Torch;

namespace Decant.Models.Roberta;

/// <summary>
/// RoBERTa (Liu 2019) with a classifier of two layers on the first token's state, or one that answers with numbers; names and shapes are those of Hugging
/// Face's <c>RobertaForSequenceClassification</c>.
/// </summary>
internal sealed class RobertaClassifier : Model, IConfigured
{
    private readonly RobertaConfig _config;
    private readonly Encoder _roberta;
    private readonly RobertaHead _classifier;

    internal RobertaClassifier(RobertaConfig config, Generator? generator, Encoder? trunk = null)
    {
        _config = config;
        _roberta = RegisterModule(config.Names.Encoder, new Encoder(config, generator, trunk: trunk));
        _classifier = RegisterModule("classifier", new RobertaHead(config, generator));
        Encoder.Draw(this, config, generator, trunk);
    }

    /// <inheritdoc/>
    public ModelConfig Config => _config;

    /// <inheritdoc/>
    public override string Kind => _config.Kind;

    /// <inheritdoc/>
    public override ModelLayers Layers => _roberta.LayersIn(this);

    /// <inheritdoc/>
    public override int Classes => _config.Classes;

    /// <inheritdoc/>
    public override Tensor Forward(ModelInput input)
    {
        using var scope = TensorScope.Open();
        return scope.Keep(_classifier.Forward(RecordActivation(_roberta.Pooled(input), Representation)));
    }

    /// <inheritdoc/>
    public override long FlopsPerSample(ReadOnlySpan<long> sampleShape) => _roberta.Flops(sampleShape[0]) + _classifier.Flops();

    /// <summary>Dropout, a linear layer, tanh, dropout, a linear layer.</summary>
    private sealed class RobertaHead : Module
    {
        private readonly Linear _dense;
        private readonly Dropout _dropout;
        private readonly Linear _output;

        public RobertaHead(RobertaConfig config, Generator? generator)
        {
            _dense = RegisterModule("dense", new Linear(config.HiddenSize, config.HiddenSize, generator: generator));
            _dropout = RegisterModule("dropout", new Dropout(config.Shape.HeadDropout));
            _output = RegisterModule("out_proj", new Linear(config.HiddenSize, config.Classes, generator: generator));
        }

        /// <summary>[B, H] to [B, C].</summary>
        public Tensor Forward(Tensor first) => RecordActivation(_output.Forward(_dropout.Forward(_dense.Forward(_dropout.Forward(first)).Tanh())));

        public long Flops() => _dense.Flops() + _output.Flops();
    }
}
