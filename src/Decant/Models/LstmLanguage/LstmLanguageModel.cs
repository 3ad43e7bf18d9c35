using Decant.Models.Configuration;
using Decant.Modules;
using Decant.Torch;

namespace Decant.Models.LstmLanguage;

/// <summary>
/// A recurrent language model: <c>embedding</c>, a stack <c>lstm</c>, <c>projection</c> where a tied head needs another width, and a head with a matrix that is
/// the embedding's or <c>head.weight</c>, with the bias <c>head.bias</c>. Its dropouts are those of Merity (2018).
/// </summary>
/// <remarks>
/// Embedding and head are drawn evenly from ±<see cref="LstmLanguageConfig.InitializerRange"/>, the head's bias is 0, the rest is PyTorch's own
/// initialisation. A <see cref="ModelInput.State"/> carries (h, c) from batch to batch.
/// </remarks>
internal sealed class LstmLanguageModel : ChunkedHeadModel, IConfigured, ICausalModel
{
    private readonly LstmLanguageConfig _config;
    private readonly WordDropout _embedding;
    private readonly Module _inputDropout;
    private readonly Decant.Modules.Lstm _lstm;
    private readonly Module _outputDropout;
    private readonly Linear? _projection;
    private readonly VocabularyHead _head;

    internal LstmLanguageModel(LstmLanguageConfig config, Generator? generator)
    {
        _config = config;
        var range = config.InitializerRange;
        _embedding = RegisterModule("embedding", new WordDropout(config.VocabSize, config.EmbeddingSize, config.EmbeddingDropout, range, generator));
        _inputDropout = RegisterModule("input_dropout", Dropout(config.InputDropout));
        _lstm = RegisterModule("lstm", new Decant.Modules.Lstm(
            config.EmbeddingSize, config.HiddenSize, config.NumHiddenLayers, dropout: config.HiddenDropout, generator: generator)
        {
            Locked = config.LockedDropout,
            WeightDrop = config.WeightDropout,
        });
        _outputDropout = RegisterModule("output_dropout", Dropout(config.OutputDropout));
        _projection = config.HasProjection
            ? RegisterModule("projection", new Linear(config.HiddenSize, config.EmbeddingSize, generator: generator))
            : null;
        _head = RegisterModule("head", new VocabularyHead(config, _embedding.Weight, generator));
    }

    /// <inheritdoc/>
    public ModelConfig Config => _config;

    /// <inheritdoc/>
    public override string Kind => "lstm-lm";

    /// <inheritdoc/>
    public override ModelLayers Layers => ModelLayers.Of(this, _inputDropout, [_lstm]);

    /// <inheritdoc/>
    public override OutputHead Head => new(_head.Weight, _head.Bias);

    /// <inheritdoc/>
    public long VocabularySize => _config.VocabSize;

    /// <inheritdoc/>
    public long? MaxTokens => null;

    /// <summary>How many layers have a state, and how wide it is.</summary>
    internal (long Layers, long Width) StateShape => (_config.NumHiddenLayers, _config.HiddenSize);

    /// <summary>A model with drawn weights.</summary>
    /// <exception cref="DecantException">Options that do not go together or do not fit the data.</exception>
    public static LstmLanguageModel Create(LstmLanguageOptions options, ModelContext context, Generator? generator = null) =>
        (LstmLanguageModel)Configure(options, context).Build(generator);

    /// <inheritdoc/>
    public override Tensor States(ModelInput input)
    {
        ArgumentNullException.ThrowIfNull(input);
        InputCheck.Tokens(input.Values, long.MaxValue, Kind);
        InputCheck.NoSegments(input, Kind);
        using var scope = TensorScope.Open();
        var x = Drop(_inputDropout, _embedding.Forward(input.Values)); // [B, T, E]
        var states = Drop(_outputDropout, _lstm.Forward(x, input.AttentionMask, input.State, input.Lengths).Output); // [B, T, H]
        var rows = At(states, input.Positions); // [R, H]
        return RecordActivation(scope.Keep(_projection?.Forward(rows) ?? rows), Representation);
    }

    /// <inheritdoc/>
    public override long FlopsPerSample(ReadOnlySpan<long> sampleShape)
    {
        var length = sampleShape[0];
        return _lstm.Flops(length) + (_projection?.Flops(length) ?? 0) + (2 * length * _head.Weight.ElementCount);
    }

    /// <inheritdoc/>
    public ICausalState NewState() => new LstmLanguageState();

    /// <inheritdoc/>
    public Tensor Next(Tensor tokens, ICausalState state, Tensor? mask = null)
    {
        ArgumentNullException.ThrowIfNull(tokens);
        var own = state as LstmLanguageState ?? throw new ArgumentException($"The state is not of a model of kind '{Kind}'.", nameof(state));
        using var scope = TensorScope.Open();
        var (batch, length) = (tokens.Size(0), tokens.Size(1));
        var input = mask is null
            ? new ModelInput(tokens, Positions: Tensor.Arange(length - 1, batch * length, length, device: tokens.Device))
            : LeftPadding.Moved(tokens, mask);
        var logits = Forward(input with { State = own.Memory });
        own.Length += length;
        return scope.Keep(logits);
    }

    internal static LstmLanguageConfig Configure(LstmLanguageOptions options, ModelContext context) => new()
    {
        Task = context.Task,
        VocabSize = context.RequireVocabulary("lstm-lm"),
        BosTokenId = context.BeginToken,
        EosTokenIds = context.EndTokens,
        PadTokenId = context.PadToken,
        EmbeddingSize = options.Embedding ?? options.Hidden,
        HiddenSize = options.Hidden,
        NumHiddenLayers = options.Layers,
        TieWordEmbeddings = options.Tied,
        EmbeddingDropout = options.EmbeddingDropout,
        InputDropout = options.InputDropout,
        HiddenDropout = options.HiddenDropout,
        OutputDropout = options.OutputDropout,
        WeightDropout = options.WeightDropout,
        LockedDropout = options.LockedDropout,
    };

    private Module Dropout(double probability) => _config.LockedDropout ? new LockedDropout(probability) : new Dropout(probability);

    private static Tensor Drop(Module dropout, Tensor input) => dropout is LockedDropout locked ? locked.Forward(input) : ((Dropout)dropout).Forward(input);

    /// <summary>The head's matrix, unless it is the embedding's, and its bias.</summary>
    private sealed class VocabularyHead : Module
    {
        public VocabularyHead(LstmLanguageConfig config, Tensor embedding, Generator? generator)
        {
            Weight = config.TieWordEmbeddings
                ? embedding
                : RegisterParameter("weight", Initialise.Uniform([config.VocabSize, config.HiddenSize], config.InitializerRange, generator));
            Bias = RegisterParameter("bias", Tensor.Zeros([config.VocabSize]));
        }

        public Tensor Weight { get; }

        public Tensor Bias { get; }
    }
}
