using Decant.Models.Configuration;
using Decant.Modules;
using Decant.Torch;

namespace Decant.Models.Static;

/// <summary>
/// A table <c>embeddings</c> [V, D]: a text is the mean of its tokens' rows, divided by its length where requested. An embedding answers with that; other tasks have a head on it,
/// <c>classifier</c>, and perhaps a layer <c>dense</c> with ReLU before it. Order does not count, and no token sees another (Model2Vec; Tulkens and van Dongen 2024).
/// </summary>
/// <remarks>
/// What a tokenizer puts around a text, and the unknown token, are ignored: <see cref="StaticConfig.IgnoredTokenIds"/>. Model2Vec leaves them out before it looks rows up, which is the same.
/// A text of such tokens alone is a vector of zeros.
/// </remarks>
internal sealed class StaticTextModel : Model, IConfigured
{
    /// <summary>The recorded rows of the tokens [B, T, D], before their mean.</summary>
    public const string Rows = "rows";

    private const double Least = 1e-12; // as PyTorch's normalize

    private readonly StaticConfig _config;
    private readonly Dropout? _dropout;
    private readonly Linear? _dense;
    private readonly Linear? _classifier;

    internal StaticTextModel(StaticConfig config, Generator? generator, StaticTextModel? trunk = null)
    {
        _config = config;
        Embeddings = RegisterParameter("embeddings", trunk?.Embeddings ?? Initialise.Normal([config.VocabSize, config.HiddenDim], TokenEmbedding.Deviation, generator));
        if (config.Task == ModelTask.Embedding)
            return;
        var width = config.ClassifierHiddenSize > 0 ? config.ClassifierHiddenSize : config.HiddenDim;
        _dropout = RegisterModule("dropout", new Dropout(config.Dropout));
        if (config.ClassifierHiddenSize > 0)
            _dense = RegisterModule("dense", trunk?._dense ?? new Linear(config.HiddenDim, width, generator: generator));
        _classifier = RegisterModule("classifier", new Linear(width, config.Outputs, generator: generator));
    }

    /// <inheritdoc/>
    public ModelConfig Config => _config;

    /// <summary>[V, D].</summary>
    public Tensor Embeddings { get; }

    /// <inheritdoc/>
    public override string Kind => "static";

    /// <inheritdoc/>
    public override IReadOnlyList<string> Parts => [Rows, Representation];

    /// <inheritdoc/>
    public override int Classes => _config.Outputs;

    /// <inheritdoc/>
    public override Tensor Forward(ModelInput input)
    {
        ArgumentNullException.ThrowIfNull(input);
        InputCheck.Tokens(input.Values, long.MaxValue, Kind);
        InputCheck.NoSegments(input, Kind);
        using var scope = TensorScope.Open();
        var mean = RecordActivation(Mean(input), Representation); // [B, D]
        var vector = _config.Normalize ? mean / mean.Norm([1], keep: true).Clamp(Least) : mean;
        if (_classifier is null)
            return scope.Keep(vector);
        var x = _dropout!.Forward(vector);
        return scope.Keep(_classifier.Forward(_dense is null ? x : _dense.Forward(x).Relu()));
    }

    /// <inheritdoc/>
    public override long FlopsPerSample(ReadOnlySpan<long> sampleShape) =>
        2 * sampleShape[0] * _config.HiddenDim + (_dense?.Flops() ?? 0) + (_classifier?.Flops() ?? 0);

    internal static StaticConfig Configure(StaticOptions options, ModelContext context) => new()
    {
        Task = context.Task,
        ClassNames = context.NamesOfTask(),
        VocabSize = context.RequireVocabulary("static"),
        HiddenDim = options.Dimensions,
        Normalize = options.Normalize ?? context.Task == ModelTask.Embedding,
        IgnoredTokenIds = context.IgnoredTokens,
        PadTokenId = context.PadToken,
        ClassifierHiddenSize = options.Hidden ?? 0,
        Dropout = context.Task == ModelTask.Embedding ? 0 : context.DropoutOf(options.Dropout, family: 0.1),
    };

    // A product with weights that are 0 for what does not count: one pass over the rows, which is counted as the operations that it is.
    private Tensor Mean(ModelInput input)
    {
        var counted = input.AttentionMask;                                           // [B, T]
        foreach (var id in _config.IgnoredTokenIds)
        {
            var other = input.Values.NotEqualTo(id);
            counted = counted is null ? other : counted.And(other);
        }

        var rows = RecordActivation(Functional.Embedding(Embeddings, input.Values, -1), Rows); // [B, T, D]
        var weights = (counted ?? input.Values.OnesLike()).To(DType.Float32);        // [B, T]
        weights = weights / weights.Sum(1, keep: true).Clamp(1);
        return weights.Unsqueeze(1).BatchMatMul(rows).Squeeze(1);                    // [B, D]
    }
}
