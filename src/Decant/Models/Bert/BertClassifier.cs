using Decant.Models.Configuration;
using Decant.Models.Encoders;
using Decant.Modules;
using Decant.Torch;

namespace Decant.Models.Bert;

/// <summary>
/// BERT (Devlin 2019) with a linear classifier, or one that answers with numbers; names and shapes are those of Hugging Face's
/// <c>BertForSequenceClassification</c>. Weights are drawn as BERT's: linear layers and embeddings normally with <c>initializer_range</c>, biases 0.
/// </summary>
internal sealed class BertClassifier : Model, IConfigured
{
    private readonly BertConfig _config;
    private readonly Encoder _bert;
    private readonly Dropout _dropout;
    private readonly Linear _classifier;

    internal BertClassifier(BertConfig config, Generator? generator, Encoder? trunk = null)
    {
        _config = config;
        _bert = RegisterModule(config.Names.Encoder, new Encoder(config, generator, config.PoolingOfTask == EncoderPooling.First, trunk));
        _dropout = RegisterModule("dropout", new Dropout(config.Shape.HeadDropout));
        _classifier = RegisterModule("classifier", new Linear(config.HiddenSize, config.Classes, generator: generator));
        Encoder.Draw(this, config, generator, trunk);
    }

    /// <inheritdoc/>
    public ModelConfig Config => _config;

    /// <inheritdoc/>
    public override string Kind => _config.Kind;

    /// <inheritdoc/>
    public override ModelLayers Layers => _bert.LayersIn(this);

    /// <inheritdoc/>
    public override int Classes => _config.Classes;

    /// <summary>A model with drawn weights.</summary>
    /// <exception cref="DecantException">Options that do not go together or do not fit the data.</exception>
    public static BertClassifier Create(EncoderOptions options, ModelContext context, Generator? generator = null) =>
        (BertClassifier)BertConfig.From(options, context).Build(generator);

    /// <inheritdoc/>
    public override Tensor Forward(ModelInput input)
    {
        using var scope = TensorScope.Open();
        return scope.Keep(_classifier.Forward(_dropout.Forward(RecordActivation(_bert.Pooled(input), Representation))));
    }

    /// <inheritdoc/>
    public override long FlopsPerSample(ReadOnlySpan<long> sampleShape) => _bert.Flops(sampleShape[0]) + _classifier.Flops();
}
