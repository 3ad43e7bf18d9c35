using Decant.Models.Configuration;
using Decant.Models.Encoders;
using Decant.Modules;

namespace Decant.Models.Bert;

/// <summary>The settings that BERT's and RoBERTa's published <c>config.json</c> have in common.</summary>
internal abstract record BertStyleConfig : EncoderConfig
{
    private const string OnlyPositions = "absolute";

    /// <summary>The width of a token's state.</summary>
    public int HiddenSize { get; init; } = 768;

    /// <summary>How many layers.</summary>
    public int NumHiddenLayers { get; init; } = 12;

    /// <summary>How many heads of attention.</summary>
    public int NumAttentionHeads { get; init; } = 12;

    /// <summary>The width between the two linear layers of a block.</summary>
    public int IntermediateSize { get; init; } = 3072;

    /// <summary>The function between them.</summary>
    public ActivationKind HiddenAct { get; init; } = ActivationKind.Gelu;

    /// <summary>The probability of dropout of states.</summary>
    public double HiddenDropoutProb { get; init; } = 0.1;

    /// <summary>The probability of dropout of attention's weights.</summary>
    public double AttentionProbsDropoutProb { get; init; } = 0.1;

    /// <summary>The probability of dropout before the logits; null: <see cref="HiddenDropoutProb"/>.</summary>
    public double? ClassifierDropout { get; init; }

    /// <summary>How many kinds of text there are in a pair.</summary>
    public int TypeVocabSize { get; init; } = 2;

    /// <summary>Added to the variance in norms.</summary>
    public double LayerNormEps { get; init; } = 1e-12;

    /// <summary>How positions are encoded; <c>absolute</c> is the only way that is supported.</summary>
    public string PositionEmbeddingType { get; init; } = OnlyPositions;

    internal override EncoderShape Shape => new()
    {
        Vocabulary = VocabSize,
        Padding = PadTokenId,
        Width = HiddenSize,
        Layers = NumHiddenLayers,
        Heads = NumAttentionHeads,
        Intermediate = IntermediateSize,
        Activation = HiddenAct,
        Dropout = HiddenDropoutProb,
        AttentionDropout = AttentionProbsDropoutProb,
        HeadDropout = ClassifierDropout ?? HiddenDropoutProb,
        Positions = MaxPositionEmbeddings,
        TokenTypes = TypeVocabSize,
        Groups = ShareLayers,
        Ranks = LinearRanks,
        Embedding = EmbeddingSize == HiddenSize ? null : EmbeddingSize,
        Epsilon = LayerNormEps,
        Deviation = InitializerRange,
    };

    internal static new ConfigKeys Keys() => EncoderConfig.Keys().Only("position_embedding_type", OnlyPositions);

    private protected override void Check(ConfigFaults faults)
    {
        base.Check(faults);
        faults.UnlessRows(TypeVocabSize, "type_vocab_size");
        faults.Unless(PositionEmbeddingType == OnlyPositions, $"position_embedding_type is '{PositionEmbeddingType}'; only '{OnlyPositions}' is known");
    }
}
