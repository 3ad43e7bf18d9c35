using Decant.Models.Configuration;
using Decant.Modules;
using Decant.Torch;

namespace Decant.Models.LstmText;

/// <summary>The settings of an <see cref="LstmClassifier"/>.</summary>
internal sealed record LstmConfig : NetworkConfig
{
    /// <summary>V, the number of tokens.</summary>
    public required int VocabSize { get; init; }

    /// <summary>The token that fills up short texts.</summary>
    public int PadTokenId { get; init; }

    /// <summary>The width of a token's vector.</summary>
    public int EmbeddingSize { get; init; } = 128;

    /// <summary>The width of the state of one direction.</summary>
    public int HiddenSize { get; init; } = 128;

    /// <summary>How many layers.</summary>
    public int NumHiddenLayers { get; init; } = 1;

    /// <summary>Whether the text is read from both ends.</summary>
    public bool Bidirectional { get; init; } = true;

    /// <summary>How the states become one vector.</summary>
    public LstmPooling Pooling { get; init; } = LstmPooling.Last;

    /// <summary>The probability of dropout.</summary>
    public double Dropout { get; init; }

    /// <inheritdoc/>
    public override string ModelType => "lstm";

    /// <inheritdoc/>
    public override string Architecture => Task == ModelTask.Classification ? "LstmClassifier" : base.Architecture;

    internal override string Network => "Lstm";

    /// <inheritdoc/>
    public override string Summary =>
        $"{(Bidirectional ? "BiLSTM" : "LSTM")} of {HiddenSize}{(NumHiddenLayers > 1 ? $", {NumHiddenLayers} layers" : "")}";

    private protected override IReadOnlyList<ModelTask> Tasks => [.. base.Tasks, ModelTask.TokenClassification];

    private protected override void Check(ConfigFaults faults)
    {
        faults.Unless(
            Task != ModelTask.TokenClassification || Pooling == LstmPooling.Last,
            $"pooling is {Pooling.ToString().ToLowerInvariant()}, but token classification answers for every token; leave it out");
        faults.UnlessRows(VocabSize, "the size of the vocabulary");
        faults.Unless(PadTokenId >= 0 && PadTokenId < VocabSize, $"the padding token is {PadTokenId}; the vocabulary has {VocabSize} tokens");
        faults.UnlessPositive(EmbeddingSize, "embedding");
        faults.UnlessPositive(HiddenSize, "hidden");
        faults.UnlessLayers(NumHiddenLayers, "layers");
        faults.UnlessDropout(Dropout, "dropout");
    }

    private protected override Model Make(Generator? generator) => new LstmClassifier(this, generator);

    private protected override Model MakeOn(Model other, Generator? generator) => new LstmClassifier(this, generator, (LstmClassifier)other);
}
