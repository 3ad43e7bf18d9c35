using Decant.Modules;
using Decant.Torch;

namespace Decant.Models;

/// <summary>
/// BERT (Devlin 2019) with a linear classifier; names and shapes are those of Hugging Face's <c>BertForSequenceClassification</c>. Weights are drawn
/// as BERT's: linear layers and embeddings normally with <c>initializer_range</c>, biases 0.
/// </summary>
public sealed class BertClassifier : Model, IConfigured
{
    private readonly BertConfig _config;
    private readonly BertModel _bert;
    private readonly Dropout _dropout;
    private readonly Linear _classifier;

    internal BertClassifier(BertConfig config, Generator? generator)
    {
        _config = config;
        _bert = RegisterModule("bert", new BertModel(config, generator));
        _dropout = RegisterModule("dropout", new Dropout(config.ClassifierDropout ?? config.HiddenDropoutProb));
        _classifier = RegisterModule("classifier", new Linear(config.HiddenSize, config.Classes, generator: generator));
        foreach (var linear in NamedModules().Select(m => m.Value).OfType<Linear>())
        {
            Initialise.Redraw(linear.Weight, config.InitializerRange, generator);
            Initialise.Zero(linear.Bias!);
        }
    }

    /// <inheritdoc/>
    public ModelConfig Config => _config;

    /// <inheritdoc/>
    public override string Kind => "encoder";

    /// <inheritdoc/>
    public override int Classes => _config.Classes;

    /// <summary>A model with drawn weights.</summary>
    /// <exception cref="DecantException">Options that do not go together or do not fit the data.</exception>
    public static BertClassifier Create(EncoderOptions options, ModelContext context, Generator? generator = null) =>
        (BertClassifier)Configure(options, context).Build(generator);

    /// <inheritdoc/>
    public override Tensor Forward(ModelInput input)
    {
        ArgumentNullException.ThrowIfNull(input);
        InputCheck.Tokens(input.Values, _config.MaxPositionEmbeddings, Kind);
        using var scope = TensorScope.Open();
        return scope.Keep(_classifier.Forward(_dropout.Forward(_bert.Forward(input))));
    }

    /// <inheritdoc/>
    public override long FlopsPerSample(ReadOnlySpan<long> sampleShape) => _bert.Flops(sampleShape[0]) + _classifier.Flops();

    internal static BertConfig Configure(EncoderOptions options, ModelContext context)
    {
        var positions = options.MaxPositions ?? (context.MaxTokens > 0 ? context.MaxTokens : 512);
        if (positions < context.MaxTokens)
        {
            throw new DecantException(
                $"The encoder's max-positions is {positions}, but texts have up to {context.MaxTokens} tokens. " +
                "Raise max-positions or lower max-tokens.");
        }

        return new BertConfig
        {
            ClassNames = context.AllClassNames(),
            VocabSize = context.RequireVocabulary("encoder"),
            PadTokenId = context.PadToken,
            HiddenSize = options.Hidden,
            NumHiddenLayers = options.Layers,
            NumAttentionHeads = options.Heads,
            IntermediateSize = options.Intermediate ?? (4 * options.Hidden),
            HiddenDropoutProb = options.Dropout,
            AttentionProbsDropoutProb = options.Dropout,
            MaxPositionEmbeddings = positions,
            InitializerRange = options.InitializerRange,
            Pooling = options.Pooling,
        };
    }
}
