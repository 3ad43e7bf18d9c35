using Decant.Models.Configuration;
using Decant.Modules;
using Decant.Torch;

namespace Decant.Models.Encoders;

/// <summary>An encoder with a linear layer <c>classifier</c> on the state of every token: <c>BertForTokenClassification</c> and its relatives.</summary>
internal sealed class EncoderTokenClassifier : Model, IConfigured
{
    private readonly EncoderConfig _config;
    private readonly Encoder _encoder;
    private readonly Dropout _dropout;
    private readonly Linear _classifier;

    internal EncoderTokenClassifier(EncoderConfig config, Generator? generator, Encoder? trunk = null)
    {
        _config = config;
        _encoder = RegisterModule(config.Names.Encoder, new Encoder(config, generator, trunk: trunk));
        _dropout = RegisterModule("dropout", new Dropout(config.Shape.HeadDropout));
        _classifier = RegisterModule("classifier", new Linear(config.Shape.Width, config.Classes, generator: generator));
        Encoder.Draw(this, config, generator, trunk);
    }

    /// <inheritdoc/>
    public ModelConfig Config => _config;

    /// <inheritdoc/>
    public override string Kind => _config.Kind;

    /// <inheritdoc/>
    public override ModelLayers Layers => _encoder.LayersIn(this);

    /// <inheritdoc/>
    public override int Classes => _config.Classes;

    /// <inheritdoc/>
    public override Tensor Forward(ModelInput input)
    {
        using var scope = TensorScope.Open();
        return scope.Keep(_classifier.Forward(_dropout.Forward(RecordActivation(ChunkedHeadModel.At(_encoder.States(input), input.Positions), Representation)))); // [R, C]
    }

    /// <inheritdoc/>
    public override long FlopsPerSample(ReadOnlySpan<long> sampleShape) => _encoder.Flops(sampleShape[0]) + _classifier.Flops(sampleShape[0]);
}
