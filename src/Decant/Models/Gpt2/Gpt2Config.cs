using System.Text.Json.Serialization;
using Decant.Models.Configuration;
using Decant.Models.Decoder;
using Decant.Modules;

namespace Decant.Models.Gpt2;

/// <summary>The settings of GPT-2 (Radford 2019), under the names of its published <c>config.json</c>.</summary>
internal sealed record Gpt2Config : DecoderConfig
{
    /// <summary>How many positions have an embedding.</summary>
    [JsonPropertyName("n_positions")]
    public int MaxPositions { get; init; } = 1024;

    /// <summary>The width of a token's state.</summary>
    [JsonPropertyName("n_embd")]
    public int HiddenSize { get; init; } = 768;

    /// <summary>How many layers.</summary>
    [JsonPropertyName("n_layer")]
    public int Layers { get; init; } = 12;

    /// <summary>How many heads of attention.</summary>
    [JsonPropertyName("n_head")]
    public int Heads { get; init; } = 12;

    /// <summary>The width of the feed-forward part; null: four times <see cref="HiddenSize"/>.</summary>
    [JsonPropertyName("n_inner")]
    public int? IntermediateSize { get; init; }

    /// <summary>The function in the feed-forward part.</summary>
    public ActivationKind ActivationFunction { get; init; } = ActivationKind.GeluNew;

    /// <summary>The probability of dropout of what is added to the states.</summary>
    [JsonPropertyName("resid_pdrop")]
    public double ResidualDropout { get; init; } = 0.1;

    /// <summary>The probability of dropout of embeddings.</summary>
    [JsonPropertyName("embd_pdrop")]
    public double EmbeddingDropout { get; init; } = 0.1;

    /// <summary>The probability of dropout of attention's weights.</summary>
    [JsonPropertyName("attn_pdrop")]
    public double AttentionDropout { get; init; } = 0.1;

    /// <summary>Added to the variance in norms.</summary>
    public double LayerNormEpsilon { get; init; } = 1e-5;

    /// <summary>Whether scores are divided by the root of the head's width.</summary>
    public bool ScaleAttnWeights { get; init; } = true;

    /// <summary>Whether scores of layer i are divided by i + 1 as well.</summary>
    public bool ScaleAttnByInverseLayerIdx { get; init; }

    /// <summary>Whether the embedding is the head's matrix too.</summary>
    public bool TieWordEmbeddings { get; init; } = true;

    internal override string PlainType => "gpt2";

    internal override string PlainArchitecture => "GPT2LMHeadModel";

    /// <summary>Keys that are served with some values alone.</summary>
    internal static ConfigKeys Keys { get; } = ConfigKeys.Common().Only("reorder_and_upcast_attn", false);

    internal static Gpt2Config From(Gpt2Options options, ModelContext context) => Compact(new Gpt2Config
    {
        Task = context.Task,
        ClassNames = context.AllClassNames(),
        VocabSize = context.RequireVocabulary("gpt2"),
        BosTokenId = context.BeginToken,
        EosTokenIds = context.EndTokens,
        PadTokenId = context.PadToken,
        MaxPositions = options.Positions(context),
        HiddenSize = options.Hidden,
        Layers = options.Layers,
        ShareLayers = LayerGroups.Of(options.UniqueLayers, options.ShareLayers, options.Layers, "model"),
        Heads = options.Heads,
        IntermediateSize = options.Intermediate,
        ResidualDropout = options.Dropout,
        EmbeddingDropout = options.Dropout,
        AttentionDropout = options.Dropout,
        TieWordEmbeddings = options.Tied,
        InitializerRange = options.InitializerRange,
    }, options);

    private protected override void Check(ConfigFaults faults)
    {
        base.Check(faults);
        CheckSizes(faults);
        faults.Unless(ShareLayers is null || !ScaleAttnByInverseLayerIdx, "layers that share weights (share_layers) do not depend on their number, and with scale_attn_by_inverse_layer_idx they do; leave one of them out");
        faults.UnlessDropout(ResidualDropout, "resid_pdrop");
        faults.UnlessDropout(EmbeddingDropout, "embd_pdrop");
        faults.UnlessDropout(AttentionDropout, "attn_pdrop");
    }

    internal override DecoderNames Names => Gpt2Names.Names;

    internal override DecoderSizes Sizes => new(HiddenSize, Layers, Heads, Heads, null, IntermediateSize ?? (int)Math.Clamp(4L * HiddenSize, 1, int.MaxValue), MaxPositions);

    private protected override DecoderPlan Plan() => new()
    {
        Kind = "gpt2",
        Names = Names,
        Vocabulary = VocabSize,
        Width = HiddenSize,
        Layers = Layers,
        Groups = ShareLayers,
        Blocks = Blocks,
        Intermediate = Sizes.Intermediate,
        Activation = ActivationFunction,
        MlpBias = true,
        RmsNorms = false,
        NormEpsilon = LayerNormEpsilon,
        MaxTokens = MaxPositions,
        Attention = Attention,
        Tied = TieWordEmbeddings,
        EmbeddingDropout = EmbeddingDropout,
        ResidualDropout = ResidualDropout,
        InitializerRange = InitializerRange,
        ScalesResiduals = true,
    };

    private AttentionOptions Attention(int layer) => new()
    {
        Width = HiddenSize,
        Heads = Heads,
        Dropout = AttentionDropout,
        Scale = (ScaleAttnWeights ? 1 / Math.Sqrt(HiddenSize / Heads) : 1) / (ScaleAttnByInverseLayerIdx ? layer + 1 : 1),
    };
}
