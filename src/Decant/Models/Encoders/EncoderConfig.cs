using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Decant.Models.Configuration;
using Decant.Modules;
using Decant.Torch;

namespace Decant.Models.Encoders;

/// <summary>What the settings of BERT, DistilBERT and RoBERTa have in common.</summary>
internal abstract record EncoderConfig : ModelConfig
{
    private static readonly ModelTask[] s_tasks =
        [ModelTask.Classification, ModelTask.MultiLabel, ModelTask.TokenClassification, ModelTask.Regression, ModelTask.MaskedLanguageModel, ModelTask.Embedding];

    /// <summary>V, the number of tokens.</summary>
    public required int VocabSize { get; init; }

    /// <summary>The token that fills up short texts.</summary>
    public int PadTokenId { get; init; }

    /// <summary>The standard deviation that weights are drawn with.</summary>
    public double InitializerRange { get; init; } = 0.02;

    /// <summary>How many positions have an embedding.</summary>
    public int MaxPositionEmbeddings { get; init; } = 512;

    /// <summary>Whether a masked language model's logits are made with the embedding's matrix.</summary>
    public bool TieWordEmbeddings { get; init; } = true;

    /// <summary>How the states become one vector, if not in the task's own way: the first token's for classes and numbers, the mean for embeddings.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public EncoderPooling? Pooling { get; init; }

    /// <summary>Whether embeddings are divided by their length.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool Normalize { get; init; }

    /// <summary>The group of every layer, from 0 in the order in which they come: layers of one group have the same weights, which are stored once, as those of the first. Null: each has its own.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<int>? ShareLayers { get; init; }

    /// <summary>The ranks of linear layers in two factors, by layer and path in it (<c>0.attention.self.query</c>); the others are whole. Null: all are.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyDictionary<string, int>? LinearRanks { get; init; }

    /// <summary>E, the width of the words' vectors, which a matrix [H, E] makes as wide as the states; null or H: there is no such matrix.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? EmbeddingSize { get; init; }

    /// <inheritdoc/>
    public sealed override string ModelType => LayerGroups.TypeOf(PlainType, IsCompact);

    /// <inheritdoc/>
    public override string Architecture => (IsCompact ? Family + "Compact" : Family) + Task.Suffix();

    /// <inheritdoc/>
    public override string Summary => $"{About}, {Shape.Layers} × {Shape.Width}{CompactWords.Of(this)}";

    /// <summary>The type of the family's own models: <c>bert</c>.</summary>
    internal abstract string PlainType { get; }

    /// <summary>Whether layers share weights, or weights are in two factors.</summary>
    internal bool IsCompact => ShareLayers is not null || LinearRanks is not null || Shape.Embedding is not null;

    /// <summary>The family as architectures begin: <c>Bert</c>.</summary>
    internal abstract string Family { get; }

    /// <summary>The family's kind in recipes.</summary>
    internal abstract string Kind { get; }

    internal abstract string About { get; }

    internal abstract EncoderShape Shape { get; }

    internal abstract EncoderNames Names { get; }

    /// <summary>The blocks, as factors are made of them.</summary>
    internal LinearBlocks Blocks => new(Shape.Layers, Shape.Groups,
    [
        new($"{Names.Attention}.{Names.Query}", true, Shape.Width, Shape.Width),
        new($"{Names.Attention}.{Names.Key}", true, Shape.Width, Shape.Width),
        new($"{Names.Attention}.{Names.Value}", true, Shape.Width, Shape.Width),
        new(Names.InnerOutput is { } output ? $"{Names.Attention}.{output}" : Names.AttentionOutput, true, Shape.Width, Shape.Width),
        new(Names.Up, false, Shape.Width, Shape.Intermediate),
        new(Names.Down, false, Shape.Intermediate, Shape.Width),
    ], Shape.Ranks);

    /// <summary>The function in a masked language model's head.</summary>
    internal virtual ActivationKind HeadActivation => Shape.Activation;

    /// <summary>Whether the base model has a pooler, for a next sentence, that other programs expect in its weights.</summary>
    internal virtual bool HasPooler => true;

    internal EncoderPooling PoolingOfTask => Pooling ?? StandardPooling(Task);

    private protected override IReadOnlyList<ModelTask> Tasks => s_tasks;

    /// <summary>Whether a classifier may read the mean of the states.</summary>
    private protected virtual bool ClassifiesMeans => false;

    /// <summary>The keys of <c>config.json</c> that change what an encoder computes and that are not served.</summary>
    internal static ConfigKeys Keys() => ConfigKeys.Common().Only("is_decoder", false).Only("problem_type", "single_label_classification", "multi_label_classification", "regression")
        .When("pruned_heads", "{}", heads => heads is JsonObject { Count: 0 });

    internal static EncoderPooling? PoolingFrom(EncoderOptions options, ModelTask task) =>
        options.Pooling == StandardPooling(task) && task is not (ModelTask.TokenClassification or ModelTask.MaskedLanguageModel) ? null : options.Pooling;

    internal static double DropoutFrom(EncoderOptions options, ModelContext context) => context.DropoutOf(options.Dropout, family: 0.1);

    internal static int PositionsFrom(EncoderOptions options, ModelContext context)
    {
        var positions = options.MaxPositions ?? (context.MaxTokens > 0 ? context.MaxTokens : 512);
        return positions >= context.MaxTokens ? positions : throw new DecantException(
            $"The encoder's max-positions is {positions}, but texts have up to {context.MaxTokens} tokens. Raise max-positions or lower max-tokens.");
    }

    internal static void CheckWidth(EncoderOptions options, ModelContext context)
    {
        if (context.Task == ModelTask.Embedding && context.Classes > 0 && context.Classes != options.Hidden)
        {
            throw new DecantException(
                $"An encoder's embedding is as wide as its states, {options.Hidden}; vectors of {context.Classes} numbers were asked for. " +
                $"Say 'hidden: {context.Classes}', or project the vectors where they are compared.");
        }
    }

    /// <summary>The settings with what options say of shared weights and of factors.</summary>
    /// <exception cref="DecantException">That does not go together, or with the sizes.</exception>
    internal static T Compact<T>(T config, EncoderOptions options) where T : EncoderConfig
    {
        if (options.Rank is null && options.Factorize != FactorizedLayers.All)
            throw new DecantException("model: factorize says which linear layers get two factors, and no rank asks for any. Give rank, or leave factorize out.");
        var shared = config with
        {
            ShareLayers = LayerGroups.Of(options.UniqueLayers, options.ShareLayers, options.Layers, "model"),
            EmbeddingSize = options.Embedding == options.Hidden ? null : options.Embedding,
        };
        return (T)(options.Rank is not { } rank ? shared : shared with { LinearRanks = Configuration.LinearRanks.Everywhere(shared.Blocks, options.Factorize, rank, "model: rank") });
    }

    private protected override void Check(ConfigFaults faults)
    {
        Shape.Check(faults);
        Configuration.LinearRanks.Check(Blocks, faults);
        var pools = Task.IsSequence();
        faults.Unless(pools || Pooling is null, $"pooling is {Lower(Pooling)}, but this task answers for every token; leave it out");
        faults.Unless(!pools || Task == ModelTask.Embedding || PoolingOfTask is EncoderPooling.First or EncoderPooling.Mean, $"pooling is {Lower(Pooling)}, which is for embeddings; first or mean are for this task");
        faults.Unless(
            !pools || ClassifiesMeans || Task == ModelTask.Embedding || PoolingOfTask != EncoderPooling.Mean,
            $"pooling is {Lower(Pooling)}, but {About} classifies by the first token; leave it out, or use kind encoder");
        faults.Unless(!Normalize || Task == ModelTask.Embedding, "normalize is for embeddings; leave it out");
    }

    private protected sealed override Model Make(Generator? generator) => Make(generator, null);

    private protected sealed override Model MakeOn(Model other, Generator? generator) => Make(
        generator,
        other.NamedModules().Select(m => m.Value).OfType<Encoder>().FirstOrDefault() ?? throw new DecantException("An encoder of embeddings has no head, so its trunk cannot be shared: build the other model first."));

    private Model Make(Generator? generator, Encoder? trunk) => Task switch
    {
        ModelTask.TokenClassification => new EncoderTokenClassifier(this, generator, trunk),
        ModelTask.MaskedLanguageModel => new EncoderMaskedLanguageModel(this, generator, trunk),
        ModelTask.Embedding => new EncoderEmbedder(this, generator, trunk),
        _ => MakeClassifier(generator, trunk),
    };

    private protected abstract Model MakeClassifier(Generator? generator, Encoder? trunk);

    private static EncoderPooling StandardPooling(ModelTask task) => task == ModelTask.Embedding ? EncoderPooling.Mean : EncoderPooling.First;

    private static string Lower(EncoderPooling? pooling) => $"{pooling}".ToLowerInvariant();
}
