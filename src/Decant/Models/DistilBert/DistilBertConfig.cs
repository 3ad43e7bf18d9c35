using Decant.Models.Configuration;
using Decant.Models.Encoders;
using Decant.Modules;

namespace Decant.Models.DistilBert;

/// <summary>The settings of DistilBERT (Sanh 2019), under the names of its published <c>config.json</c>.</summary>
internal sealed record DistilBertConfig : EncoderConfig
{
    private const double Epsilon = 1e-12; // no setting of its own

    /// <summary>The width of a token's state.</summary>
    public int Dim { get; init; } = 768;

    /// <summary>How many layers.</summary>
    public int NLayers { get; init; } = 6;

    /// <summary>How many heads of attention.</summary>
    public int NHeads { get; init; } = 12;

    /// <summary>The width between the two linear layers of a block.</summary>
    public int HiddenDim { get; init; } = 3072;

    /// <summary>The function between them.</summary>
    public ActivationKind Activation { get; init; } = ActivationKind.Gelu;

    /// <summary>The probability of dropout of states.</summary>
    public double Dropout { get; init; } = 0.1;

    /// <summary>The probability of dropout of attention's weights.</summary>
    public double AttentionDropout { get; init; } = 0.1;

    /// <summary>The probability of dropout before the logits of a text.</summary>
    public double SeqClassifDropout { get; init; } = 0.2;

    /// <summary>Whether positions are sines and cosines that are not trained.</summary>
    public bool SinusoidalPosEmbds { get; init; }

    internal override string PlainType => "distilbert";

    internal override string Family => "DistilBert";

    internal override string Kind => "distilbert";

    internal override string About => "DistilBERT";

    internal override bool HasPooler => false;

    internal override EncoderShape Shape => new()
    {
        Vocabulary = VocabSize,
        Padding = PadTokenId,
        Width = Dim,
        Layers = NLayers,
        Heads = NHeads,
        Intermediate = HiddenDim,
        Activation = Activation,
        Dropout = Dropout,
        AttentionDropout = AttentionDropout,
        HeadDropout = Task == ModelTask.TokenClassification ? Dropout : SeqClassifDropout,
        Positions = MaxPositionEmbeddings,
        Sinusoidal = SinusoidalPosEmbds,
        Groups = ShareLayers,
        Ranks = LinearRanks,
        Embedding = EmbeddingSize == Dim ? null : EmbeddingSize,
        Epsilon = Epsilon,
        Deviation = InitializerRange,
    };

    internal override EncoderNames Names { get; } = new()
    {
        Encoder = "distilbert",
        Layers = "transformer.layer",
        Attention = "attention",
        Query = "q_lin",
        Key = "k_lin",
        Value = "v_lin",
        InnerOutput = "out_lin",
        AttentionNorm = "sa_layer_norm",
        Up = "ffn.lin1",
        Down = "ffn.lin2",
        OutputNorm = "output_layer_norm",
        HeadTransform = "vocab_transform",
        HeadNorm = "vocab_layer_norm",
        HeadBias = "vocab_projector.bias",
        HeadWeight = "vocab_projector.weight",
    };

    internal static DistilBertConfig From(EncoderOptions options, ModelContext context)
    {
        CheckWidth(options, context);
        return Compact(new DistilBertConfig
        {
            Task = context.Task,
            ClassNames = context.NamesOfTask(),
            VocabSize = context.RequireVocabulary("distilbert"),
            PadTokenId = context.PadToken,
            Dim = options.Hidden,
            NLayers = options.Layers,
            NHeads = options.Heads,
            HiddenDim = options.Intermediate ?? (4 * options.Hidden),
            Dropout = DropoutFrom(options, context),
            AttentionDropout = DropoutFrom(options, context),
            SeqClassifDropout = DropoutFrom(options, context),
            MaxPositionEmbeddings = PositionsFrom(options, context),
            InitializerRange = options.InitializerRange,
            Pooling = PoolingFrom(options, context.Task),
            Normalize = options.Normalize,
        }, options);
    }

    private protected override Model MakeClassifier(Decant.Torch.Generator? generator, Encoder? trunk) => new DistilBertClassifier(this, generator, trunk);
}
