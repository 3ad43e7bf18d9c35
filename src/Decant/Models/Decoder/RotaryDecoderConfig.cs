using Decant.Models.Configuration;
using Decant.Modules;

namespace Decant.Models.Decoder;

/// <summary>The settings that Llama and its relatives share, under their published names.</summary>
internal abstract record RotaryDecoderConfig : DecoderConfig
{
    /// <summary>The width of a token's state.</summary>
    public int HiddenSize { get; init; } = 4096;

    /// <summary>The width of the feed-forward part.</summary>
    public abstract int IntermediateSize { get; init; }

    /// <summary>How many layers.</summary>
    public int NumHiddenLayers { get; init; } = 32;

    /// <summary>How many heads the queries have.</summary>
    public int NumAttentionHeads { get; init; } = 32;

    /// <summary>How many heads keys and values have; null: as many as queries.</summary>
    public abstract int? NumKeyValueHeads { get; init; }

    /// <summary>The width of a head; null: <see cref="HiddenSize"/> divided by the heads.</summary>
    public abstract int? HeadDim { get; init; }

    /// <summary>The function in the feed-forward part.</summary>
    public ActivationKind HiddenAct { get; init; } = ActivationKind.Silu;

    /// <summary>The longest text.</summary>
    public abstract int MaxPositionEmbeddings { get; init; }

    /// <summary>Added to the mean of squares in norms.</summary>
    public double RmsNormEps { get; init; } = 1e-6;

    /// <summary>The base of the rotations' speeds.</summary>
    public double RopeTheta { get; init; } = 10_000;

    /// <summary>How the rotations were stretched; null: not.</summary>
    public RopeScaling? RopeScaling { get; init; }

    /// <summary>The probability of dropout of attention's weights.</summary>
    public double AttentionDropout { get; init; }

    /// <summary>Whether the embedding is the head's matrix too.</summary>
    public bool TieWordEmbeddings { get; init; }

    /// <summary>Keys that are served with some values alone.</summary>
    internal static ConfigKeys RotaryKeys() => ConfigKeys.Common()
        .Change(Decant.Models.Decoder.RopeScaling.Adopt)
        .When("rope_scaling", $"a rope_type of {string.Join(", ", Enum.GetNames<RopeType>().Select(n => n.ToLowerInvariant()))}", Decant.Models.Decoder.RopeScaling.IsServed)
        .Only("pretraining_tp", 1).Only("partial_rotary_factor", 1).Absent("num_experts").Absent("num_local_experts").Absent("rope_parameters");

    private protected override void Check(ConfigFaults faults)
    {
        base.Check(faults);
        CheckSizes(faults);
        faults.Unless(NumAttentionHeads < 1 || HeadWidth % 2 == 0, $"a head is {HeadWidth} wide; rotary positions turn pairs: an even width is needed");
        faults.Unless(RopeTheta > 0, $"rope_theta is {RopeTheta}; more than 0 is needed");
        faults.UnlessDropout(AttentionDropout, "attention_dropout");
        var other = Enumerable.Range(0, ShareLayers?.Count == NumHiddenLayers ? NumHiddenLayers : 0).FirstOrDefault(layer => Window(layer) != Window(LayerGroups.FirstOf(ShareLayers, layer)), -1);
        faults.Unless(other < 0, $"share_layers gives layer {other} the weights of layer {LayerGroups.FirstOf(ShareLayers, other)}, and one of them sees a window of positions that the other does not; share among layers of one kind");
        RopeScaling?.Check(faults);
    }

    /// <summary>d.</summary>
    private protected int HeadWidth => HeadDim ?? (NumAttentionHeads == 0 ? 0 : HiddenSize / NumAttentionHeads);

    /// <summary>With biases of queries, keys and values.</summary>
    private protected virtual bool InputBias => false;

    /// <summary>With a bias of attention's last layer.</summary>
    private protected virtual bool OutputBias => false;

    /// <summary>With biases in the feed-forward part.</summary>
    private protected virtual bool FeedForwardBias => false;

    /// <summary>With norms of every head's query and key.</summary>
    private protected virtual bool HeadNorms => false;

    /// <summary>How many positions a token of a layer sees; null: all.</summary>
    private protected virtual long? Window(int layer) => null;

    internal override DecoderNames Names => LlamaNames.Names;

    internal override DecoderSizes Sizes => new(
        HiddenSize, NumHiddenLayers, NumAttentionHeads, NumKeyValueHeads ?? NumAttentionHeads, HeadDim, IntermediateSize, MaxPositionEmbeddings);

    private protected override DecoderPlan Plan() => new()
    {
        Kind = PlainType,
        Names = Names,
        Vocabulary = VocabSize,
        Width = HiddenSize,
        Layers = NumHiddenLayers,
        Groups = ShareLayers,
        Blocks = Blocks,
        Intermediate = IntermediateSize,
        Activation = HiddenAct,
        MlpBias = FeedForwardBias,
        RmsNorms = true,
        NormEpsilon = RmsNormEps,
        MaxTokens = RopeScaling?.MaxTokens(MaxPositionEmbeddings) ?? MaxPositionEmbeddings,
        Rotary = (RopeScaling ?? new()).Frequencies(HeadWidth, RopeTheta, MaxPositionEmbeddings),
        Attention = _ => Attention(),
        Window = Window,
        Tied = TieWordEmbeddings,
        InitializerRange = InitializerRange,
    };

    /// <summary>The settings that the options of all these families give.</summary>
    private protected static T From<T>(T config, RotaryDecoderOptions options, ModelContext context) where T : RotaryDecoderConfig => Compact(config with
    {
        Task = context.Task,
        ClassNames = context.AllClassNames(),
        BosTokenId = context.BeginToken,
        EosTokenIds = context.EndTokens,
        PadTokenId = context.PadToken,
        HiddenSize = options.Hidden,
        IntermediateSize = options.Intermediate ?? ((((8 * options.Hidden) + 95) / 96) * 32),
        NumHiddenLayers = options.Layers,
        ShareLayers = LayerGroups.Of(options.UniqueLayers, options.ShareLayers, options.Layers, "model"),
        NumAttentionHeads = options.Heads,
        NumKeyValueHeads = options.KeyValueHeads ?? options.Heads,
        HeadDim = options.HeadWidth ?? (options.Hidden % options.Heads == 0 ? options.Hidden / options.Heads : null),
        MaxPositionEmbeddings = options.Positions(context),
        RopeTheta = options.RopeBase,
        AttentionDropout = options.Dropout,
        TieWordEmbeddings = options.Tied,
        InitializerRange = options.InitializerRange,
    }, options);

    private AttentionOptions Attention() => new()
    {
        Width = HiddenSize,
        Heads = NumAttentionHeads,
        KeyValueHeads = NumKeyValueHeads ?? NumAttentionHeads,
        HeadWidth = HeadWidth,
        Dropout = AttentionDropout,
        InputBias = InputBias,
        OutputBias = OutputBias,
        HeadNorm = HeadNorms ? RmsNormEps : null,
    };
}
