using Decant.Models.Configuration;
using Decant.Models.Encoders;
using Decant.Modules;
using Decant.Torch;

namespace Decant.Models.DistilBert;

/// <summary>
/// DistilBERT (Sanh 2019) with a layer <c>pre_classifier</c>, ReLU and a linear <c>classifier</c> on the first token's state, or one that answers with
/// numbers; names and shapes are those of Hugging Face's <c>DistilBertForSequenceClassification</c>.
/// </summary>
internal sealed class DistilBertClassifier : Model, IConfigured
{
    private readonly DistilBertConfig _config;
    private readonly Encoder _distilbert;
    private readonly Linear _dense;
    private readonly Linear _classifier;
    private readonly Dropout _dropout;

    internal DistilBertClassifier(DistilBertConfig config, Generator? generator, Encoder? trunk = null)
    {
        _config = config;
        _distilbert = RegisterModule(config.Names.Encoder, new Encoder(config, generator, trunk: trunk));
        _dense = RegisterModule("pre_classifier", new Linear(config.Dim, config.Dim, generator: generator));
        _classifier = RegisterModule("classifier", new Linear(config.Dim, config.Classes, generator: generator));
        _dropout = RegisterModule("dropout", new Dropout(config.Shape.HeadDropout));
        Encoder.Draw(this, config, generator, trunk);
    }

    /// <inheritdoc/>
    public ModelConfig Config => _config;

    /// <inheritdoc/>
    public override string Kind => _config.Kind;

    /// <inheritdoc/>
    public override ModelLayers Layers => _distilbert.LayersIn(this);

    /// <inheritdoc/>
    public override int Classes => _config.Classes;

    /// <inheritdoc/>
    public override Tensor Forward(ModelInput input)
    {
        using var scope = TensorScope.Open();
        var first = _dense.Forward(_distilbert.Pooled(input)).Relu(); // [B, H]
        return scope.Keep(_classifier.Forward(_dropout.Forward(RecordActivation(first, Representation))));
    }

    /// <inheritdoc/>
    public override long FlopsPerSample(ReadOnlySpan<long> sampleShape) => _distilbert.Flops(sampleShape[0]) + _dense.Flops() + _classifier.Flops();
}
