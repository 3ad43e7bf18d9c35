using Decant.Models.Configuration;
using Decant.Modules;
using Decant.Torch;

namespace Decant.Models.LstmText;

/// <summary>
/// <c>embedding</c>, a stack <c>lstm</c> in one or both directions, pooling unless every token is classified, <c>classifier</c>. Padding is never seen: a text has the same logits
/// in every batch. PyTorch's default initialisation, but for embeddings: see <see cref="TokenEmbedding"/>.
/// </summary>
internal sealed class LstmClassifier : Model, IConfigured
{
    private readonly LstmConfig _config;
    private readonly Embedding _embedding;
    private readonly Decant.Modules.Lstm _lstm;
    private readonly Dropout _dropout;
    private readonly Linear _classifier;

    internal LstmClassifier(LstmConfig config, Generator? generator, LstmClassifier? trunk = null)
    {
        _config = config;
        _embedding = RegisterModule(
            "embedding", trunk?._embedding ?? new Embedding(config.VocabSize, config.EmbeddingSize, config.PadTokenId, TokenEmbedding.Deviation, generator));
        _lstm = RegisterModule(
            "lstm",
            trunk?._lstm ?? new Decant.Modules.Lstm(config.EmbeddingSize, config.HiddenSize, config.NumHiddenLayers, config.Bidirectional, config.Dropout, generator));
        _dropout = RegisterModule("dropout", new Dropout(config.Dropout));
        _classifier = RegisterModule("classifier", new Linear((long)config.HiddenSize * _lstm.Directions, config.Outputs, generator: generator));
    }

    /// <inheritdoc/>
    public ModelConfig Config => _config;

    /// <inheritdoc/>
    public override string Kind => "lstm";

    /// <inheritdoc/>
    public override ModelLayers Layers => ModelLayers.Of(this, _embedding, [_lstm]);

    /// <inheritdoc/>
    public override int Classes => _config.Outputs;

    /// <summary>A model with drawn weights.</summary>
    /// <exception cref="DecantException">Options that do not go together or do not fit the data.</exception>
    public static LstmClassifier Create(LstmOptions options, ModelContext context, Generator? generator = null) =>
        (LstmClassifier)Configure(options, context).Build(generator);

    /// <inheritdoc/>
    public override Tensor Forward(ModelInput input)
    {
        ArgumentNullException.ThrowIfNull(input);
        InputCheck.Tokens(input.Values, long.MaxValue, Kind);
        using var scope = TensorScope.Open();
        var x = _dropout.Forward(_embedding.Forward(input.Values)); // [B, T, E]
        var states = _lstm.Forward(x, input.AttentionMask, tokens: input.Lengths);
        var answering = _config.Task == ModelTask.TokenClassification
            ? ChunkedHeadModel.At(states.Output, input.Positions) // [R, H·directions]
            : Pool(states, input.AttentionMask); // [B, H·directions]
        return scope.Keep(_classifier.Forward(_dropout.Forward(RecordActivation(answering, Representation))));
    }

    /// <inheritdoc/>
    public override long FlopsPerSample(ReadOnlySpan<long> sampleShape) =>
        _lstm.Flops(sampleShape[0]) + _classifier.Flops(_config.Task == ModelTask.TokenClassification ? sampleShape[0] : 1);

    internal static LstmConfig Configure(LstmOptions options, ModelContext context) => new()
    {
        Task = context.Task,
        ClassNames = context.NamesOfTask(),
        OutputSize = context.OutputsOfTask(options.Dimensions),
        VocabSize = context.RequireVocabulary("lstm"),
        PadTokenId = context.PadToken,
        EmbeddingSize = options.Embedding,
        HiddenSize = options.Hidden,
        NumHiddenLayers = options.Layers,
        Bidirectional = options.Bidirectional,
        Pooling = options.Pooling,
        Dropout = options.Dropout,
    };

    private Tensor Pool(LstmOutput states, Tensor? mask) => _config.Pooling switch
    {
        LstmPooling.Mean => TokenMask.Mean(states.Output, mask),
        LstmPooling.Max => TokenMask.Max(states.Output, mask),
        _ => LastLayer(states.Hidden),
    };

    // [layers·directions, B, H] to [B, H·directions]
    private Tensor LastLayer(Tensor hidden) => _config.Bidirectional
        ? Tensor.Cat([hidden.Select(0, -2), hidden.Select(0, -1)], 1)
        : hidden.Select(0, -1);
}
