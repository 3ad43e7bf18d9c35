using System.Text.Json.Serialization;
using Decant.Modules;
using Decant.Torch;

namespace Decant.Models;

/// <summary>The settings of a <see cref="BertClassifier"/>, under the names of BERT's published <c>config.json</c>.</summary>
public sealed record BertConfig : ModelConfig
{
    /// <summary>V, the number of tokens.</summary>
    public required int VocabSize { get; init; }

    /// <summary>The token that fills up short texts.</summary>
    public int PadTokenId { get; init; }

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

    /// <summary>How many positions have an embedding.</summary>
    public int MaxPositionEmbeddings { get; init; } = 512;

    /// <summary>How many kinds of text there are in a pair.</summary>
    public int TypeVocabSize { get; init; } = 2;

    /// <summary>The standard deviation that weights are drawn with.</summary>
    public double InitializerRange { get; init; } = 0.02;

    /// <summary>Added to the variance in norms.</summary>
    public double LayerNormEps { get; init; } = 1e-12;

    /// <summary>How positions are told apart; <c>absolute</c> is the only way that is known.</summary>
    public string PositionEmbeddingType { get; init; } = "absolute";

    /// <summary>How the states become one vector; not in the file of BERT's own way.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public EncoderPooling Pooling { get; init; }

    /// <summary><c>bert</c>; another name where the pooling is not BERT's, so that no program takes it for BERT.</summary>
    public override string ModelType => Pooling == EncoderPooling.First ? "bert" : "bert-mean-pooling";

    /// <inheritdoc/>
    public override string Architecture =>
        Pooling == EncoderPooling.First ? "BertForSequenceClassification" : "BertMeanPoolingForSequenceClassification";

    /// <inheritdoc/>
    public override string Summary =>
        $"transformer encoder, {NumHiddenLayers} × {HiddenSize}";

    private protected override void Check(ConfigFaults faults)
    {
        faults.UnlessPositive(VocabSize, "the size of the vocabulary");
        faults.Unless(PadTokenId >= 0 && PadTokenId < VocabSize, $"the padding token is {PadTokenId}; the vocabulary has {VocabSize} tokens");
        faults.UnlessPositive(HiddenSize, "hidden");
        faults.UnlessPositive(NumHiddenLayers, "layers");
        faults.UnlessPositive(NumAttentionHeads, "heads");
        faults.Unless(
            NumAttentionHeads < 1 || HiddenSize % NumAttentionHeads == 0,
            $"{NumAttentionHeads} heads do not divide a hidden width of {HiddenSize}; take one of {Divisors(HiddenSize)} heads, or another width");
        faults.UnlessPositive(IntermediateSize, "intermediate");
        faults.UnlessPositive(MaxPositionEmbeddings, "max-positions");
        faults.UnlessPositive(TypeVocabSize, "type_vocab_size");
        faults.UnlessDropout(HiddenDropoutProb, "dropout");
        faults.UnlessDropout(AttentionProbsDropoutProb, "attention_probs_dropout_prob");
        faults.UnlessDropout(ClassifierDropout ?? 0, "classifier_dropout");
        faults.Unless(InitializerRange > 0, $"initializer-range is {InitializerRange}; more than 0 is needed");
        faults.Unless(
            PositionEmbeddingType == "absolute", $"position_embedding_type is '{PositionEmbeddingType}'; only 'absolute' is known");
    }

    private protected override Model Make(Generator? generator) => new BertClassifier(this, generator);

    private static string Divisors(int width) => string.Join(", ", Enumerable.Range(1, Math.Max(0, width)).Where(d => width % d == 0).Take(12));
}
