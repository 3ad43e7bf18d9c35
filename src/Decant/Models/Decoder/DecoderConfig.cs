using System.Text.Json.Serialization;
using Decant.Models.Configuration;
using Decant.Modules;
using Decant.Torch;

namespace Decant.Models.Decoder;

/// <summary>What the settings of all decoders have in common.</summary>
internal abstract record DecoderConfig : ModelConfig, ICausalConfig
{
    /// <summary>V, the number of tokens.</summary>
    public required int VocabSize { get; init; }

    /// <summary>The token that begins a text; null: none.</summary>
    public int? BosTokenId { get; init; }

    /// <summary>The tokens that end a text; in the file a number or a list.</summary>
    [JsonPropertyName("eos_token_id")]
    [JsonConverter(typeof(TokenIdsConverter))]
    public IReadOnlyList<int> EosTokenIds { get; init; } = [];

    /// <summary>The token that fills up short texts; null: none.</summary>
    public int? PadTokenId { get; init; }

    /// <summary>The standard deviation that weights are drawn with.</summary>
    public double InitializerRange { get; init; } = 0.02;

    /// <summary>The group of every layer, from 0 in the order in which they come: layers of one group have the same weights, which are stored once, as those of the first. Null: each has its own.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<int>? ShareLayers { get; init; }

    /// <summary>The ranks of linear layers in two factors, by layer and path in it (<c>0.self_attn.q_proj</c>); the others are whole. Null: all are.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyDictionary<string, int>? LinearRanks { get; init; }

    /// <inheritdoc/>
    public sealed override string ModelType => LayerGroups.TypeOf(PlainType, IsCompact);

    /// <inheritdoc/>
    public sealed override string Architecture => IsCompact ? "Compact" + PlainArchitecture : PlainArchitecture;

    /// <summary>Whether layers share weights, or have them in two factors.</summary>
    internal bool IsCompact => ShareLayers is not null || LinearRanks is not null;

    /// <summary>How the family calls the parts.</summary>
    internal abstract DecoderNames Names { get; }

    /// <summary>The sizes.</summary>
    internal abstract DecoderSizes Sizes { get; }

    /// <summary>The blocks, as factors are made of them.</summary>
    internal LinearBlocks Blocks => DecoderBlocks.Of(Names, Sizes, ShareLayers, LinearRanks);

    /// <summary>The type of the family's own models: <c>llama</c>.</summary>
    internal abstract string PlainType { get; }

    /// <summary>The architecture of the family's own models: <c>LlamaForCausalLM</c>.</summary>
    internal abstract string PlainArchitecture { get; }

    ModelConfig ICausalConfig.With(int? begin, IReadOnlyList<int> ends) => this with { BosTokenId = begin, EosTokenIds = ends };

    /// <inheritdoc/>
    public override string Summary => Plan() is var plan ? $"{plan.Kind} decoder, {plan.Layers} × {plan.Width}{LayerGroups.Words(ShareLayers)}{Configuration.LinearRanks.Words(LinearRanks)}" : "";

    private protected override IReadOnlyList<ModelTask> Tasks => [ModelTask.CausalLanguageModel];

    private protected override void Check(ConfigFaults faults)
    {
        faults.UnlessRows(VocabSize, "the size of the vocabulary");
        foreach (var (id, name) in new[] { (BosTokenId, "bos_token_id"), (PadTokenId, "pad_token_id") })
            faults.Unless(id is not { } token || (token >= -1 && token < VocabSize), $"{name} is {id}; the vocabulary has {VocabSize} tokens");
        faults.Unless(EosTokenIds.All(id => id >= 0 && id < VocabSize), $"eos_token_id is {string.Join(", ", EosTokenIds)}; the vocabulary has {VocabSize} tokens");
        faults.Unless(InitializerRange > 0, $"initializer-range is {InitializerRange}; more than 0 is needed");
    }

    /// <summary>What is built.</summary>
    internal DecoderPlan ToPlan() => Plan();

    /// <summary>What is built.</summary>
    private protected abstract DecoderPlan Plan();

    private protected override Model Make(Generator? generator) => new CausalDecoder(this, Plan(), generator);

    /// <summary>Notes sizes that are not positive, heads that do not go with each other or the width, and groups that are none of the layers.</summary>
    private protected void CheckSizes(ConfigFaults faults)
    {
        var sizes = Sizes;
        faults.Unless(ShareLayers is null || LayerGroups.Fault(ShareLayers, sizes.Layers) is null, $"share_layers {(ShareLayers is null ? "" : LayerGroups.Fault(ShareLayers, sizes.Layers))}");
        faults.UnlessPositive(sizes.Hidden, "hidden");
        faults.UnlessLayers(sizes.Layers, "layers");
        faults.UnlessPositive(sizes.Heads, "heads");
        faults.UnlessPositive(sizes.KeyValueHeads, "key-value-heads");
        faults.UnlessPositive(sizes.HeadWidth ?? 1, "head_dim");
        faults.UnlessPositive(sizes.Intermediate, "intermediate");
        faults.UnlessRows(sizes.Positions, "max-positions");
        if (sizes.Heads < 1 || sizes.KeyValueHeads < 1)
            return;
        faults.Unless(
            sizes.HeadWidth is not null || sizes.Hidden % sizes.Heads == 0,
            $"{sizes.Heads} heads do not divide a hidden width of {sizes.Hidden}; take a divisor, or set the head's own width");
        faults.Unless(
            sizes.Heads % sizes.KeyValueHeads == 0, $"{sizes.KeyValueHeads} key-value-heads do not divide {sizes.Heads} heads; take a divisor");
        if (LinearRanks is not null)
            Configuration.LinearRanks.Check(Blocks, faults);
    }

    /// <summary>The settings with what options say of factors.</summary>
    /// <exception cref="DecantException">That does not go together, or with the sizes.</exception>
    private protected static T Compact<T>(T config, DecoderOptions options) where T : DecoderConfig
    {
        if (options.Rank is null && options.Factorize != FactorizedLayers.All)
            throw new DecantException("model: factorize says which linear layers get two factors, and no rank asks for any. Give rank, or leave factorize out.");
        return options.Rank is not { } rank ? config : (T)(config with { LinearRanks = Configuration.LinearRanks.Everywhere(config.Blocks, options.Factorize, rank, "model: rank") });
    }
}

/// <summary>The sizes that have to go with each other.</summary>
internal readonly record struct DecoderSizes(int Hidden, int Layers, int Heads, int KeyValueHeads, int? HeadWidth, int Intermediate, int Positions);
