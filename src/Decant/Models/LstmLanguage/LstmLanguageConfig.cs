using System.Text.Json.Serialization;
using Decant.Models.Configuration;
using Decant.Models.Decoder;
using Decant.Modules;
using Decant.Torch;

namespace Decant.Models.LstmLanguage;

/// <summary>The settings of an <see cref="LstmLanguageModel"/>.</summary>
internal sealed record LstmLanguageConfig : ModelConfig, ICausalConfig
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

    /// <summary>E, the width of a token's vector.</summary>
    public int EmbeddingSize { get; init; } = 650;

    /// <summary>H, the width of the state of every layer.</summary>
    public int HiddenSize { get; init; } = 650;

    /// <summary>How many layers.</summary>
    public int NumHiddenLayers { get; init; } = 2;

    /// <summary>Whether the embedding is the head's matrix too (Press 2017); states that are not as wide go through a projection before.</summary>
    public bool TieWordEmbeddings { get; init; } = true;

    /// <summary>The probability that a token's whole vector is dropped.</summary>
    public double EmbeddingDropout { get; init; }

    /// <summary>The probability of dropout on the vectors of tokens.</summary>
    public double InputDropout { get; init; }

    /// <summary>The probability of dropout between the layers.</summary>
    public double HiddenDropout { get; init; }

    /// <summary>The probability of dropout on the last layer's states.</summary>
    public double OutputDropout { get; init; }

    /// <summary>The probability that a weight from state to state is dropped.</summary>
    public double WeightDropout { get; init; }

    /// <summary>Whether dropout on inputs, outputs and between layers drops the same elements at every step.</summary>
    public bool LockedDropout { get; init; } = true;

    /// <summary>Embedding and head are drawn evenly from ± this.</summary>
    public double InitializerRange { get; init; } = 0.1;

    ModelConfig ICausalConfig.With(int? begin, IReadOnlyList<int> ends) => this with { BosTokenId = begin, EosTokenIds = ends };

    /// <inheritdoc/>
    public override string ModelType => "lstm-lm";

    /// <inheritdoc/>
    public override string Architecture => "LstmForCausalLM";

    /// <inheritdoc/>
    public override string Summary => $"LSTM language model, {NumHiddenLayers} × {HiddenSize}";

    private protected override IReadOnlyList<ModelTask> Tasks => [ModelTask.CausalLanguageModel];

    internal bool HasProjection => TieWordEmbeddings && HiddenSize != EmbeddingSize;

    private protected override void Check(ConfigFaults faults)
    {
        faults.UnlessRows(VocabSize, "the size of the vocabulary");
        faults.Unless(EosTokenIds.All(id => id >= 0 && id < VocabSize), $"eos_token_id is {string.Join(", ", EosTokenIds)}; the vocabulary has {VocabSize} tokens");
        faults.UnlessPositive(EmbeddingSize, "embedding");
        faults.UnlessPositive(HiddenSize, "hidden");
        faults.UnlessLayers(NumHiddenLayers, "layers");
        faults.UnlessDropout(EmbeddingDropout, "embedding-dropout");
        faults.UnlessDropout(InputDropout, "input-dropout");
        faults.UnlessDropout(HiddenDropout, "hidden-dropout");
        faults.UnlessDropout(OutputDropout, "output-dropout");
        faults.UnlessDropout(WeightDropout, "weight-dropout");
        faults.Unless(
            HiddenDropout == 0 || NumHiddenLayers != 1, $"hidden-dropout is {HiddenDropout}, but one layer has nothing between; take output-dropout or 2 layers");
        faults.Unless(InitializerRange > 0, $"initializer-range is {InitializerRange}; more than 0 is needed");
    }

    private protected override Model Make(Generator? generator) => new LstmLanguageModel(this, generator);
}
