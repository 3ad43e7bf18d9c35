using Decant.Models.Configuration;
using Decant.Modules;
using Decant.Torch;

namespace Decant.Models.Encoders;

/// <summary>
/// An encoder that predicts masked tokens: a linear layer, a function and a norm make the states that the vocabulary's matrix, most often the embedding's, is
/// applied to. <c>BertForMaskedLM</c> and its relatives.
/// </summary>
internal sealed class EncoderMaskedLanguageModel : ChunkedHeadModel, IConfigured
{
    private readonly EncoderConfig _config;
    private readonly Encoder _encoder;
    private readonly EncoderHead _head;

    internal EncoderMaskedLanguageModel(EncoderConfig config, Generator? generator, Encoder? trunk = null)
    {
        _config = config;
        _encoder = RegisterModule(config.Names.Encoder, new Encoder(config, generator, trunk: trunk));
        _head = new EncoderHead(config, _encoder, generator);
        foreach (var (name, part) in _head.Children)
            RegisterModule(name, part); // heads have no name of their own
        Encoder.Draw(this, config, generator, trunk);
    }

    /// <inheritdoc/>
    public ModelConfig Config => _config;

    /// <inheritdoc/>
    public override string Kind => _config.Kind;

    /// <inheritdoc/>
    public override ModelLayers Layers => _encoder.LayersIn(this);

    /// <inheritdoc/>
    public override OutputHead Head => new(_head.Weight, _head.Bias);

    /// <inheritdoc/>
    internal override long ProjectionSize => _head.ProjectionSize;

    /// <inheritdoc/>
    public override Tensor States(ModelInput input)
    {
        using var scope = TensorScope.Open();
        return RecordActivation(scope.Keep(_head.Forward(At(_encoder.States(input), input.Positions))), Representation); // [R, H]
    }

    /// <inheritdoc/>
    public override long FlopsPerSample(ReadOnlySpan<long> sampleShape) => _encoder.Flops(sampleShape[0]) + _head.Flops(sampleShape[0]);

    private sealed class EncoderHead : ModuleTree
    {
        private readonly Linear _transform;
        private readonly Activation _activation;
        private readonly LayerNorm _norm;
        private readonly Tensor? _toWords;

        public EncoderHead(EncoderConfig config, Encoder encoder, Generator? generator)
        {
            var (shape, names) = (config.Shape, config.Names);
            _transform = Place(names.HeadTransform, new Linear(shape.Width, shape.Width, generator: generator));
            _norm = Place(names.HeadNorm, new LayerNorm(shape.Width, shape.Epsilon));
            _activation = new Activation(config.HeadActivation);
            Weight = config.TieWordEmbeddings
                ? encoder.Words
                : PlaceParameter(names.HeadWeight, Initialise.Normal([shape.Vocabulary, shape.Width], shape.Deviation, generator));
            _toWords = config.TieWordEmbeddings ? encoder.WordsToStates : null;
            Bias = PlaceParameter(names.HeadBias, Tensor.Zeros([shape.Vocabulary]));
        }

        public Tensor Weight { get; }

        public Tensor Bias { get; }

        public long ProjectionSize => _toWords?.ElementCount ?? 0;

        /// <summary>[R, H] to [R, H]; to [R, E] where the vocabulary's matrix is that of a factorised embedding: states·(A·Bᵀ)ᵀ is (states·B)·Aᵀ.</summary>
        public Tensor Forward(Tensor states)
        {
            var made = _norm.Forward(_activation.Forward(_transform.Forward(states)));
            return _toWords is null ? made : made.MatMul(_toWords);
        }

        public long Flops(long length) => _transform.Flops(length) + (2 * length * (Weight.ElementCount + ProjectionSize));
    }
}
