using System.Globalization;
using System.Text.Json.Serialization;
using Decant.Models.Configuration;
using Decant.Modules;
using Decant.Torch;

namespace Decant.Models.Static;

/// <summary>The settings of a <see cref="StaticTextModel"/>; of an embedding under the names that Model2Vec reads.</summary>
internal sealed record StaticConfig : ModelConfig
{
    /// <summary>The <c>model_type</c> of an embedding: Model2Vec's own.</summary>
    public const string Model2Vec = "model2vec";

    /// <summary>The <c>model_type</c> of other tasks.</summary>
    public const string Own = "static";

    private static readonly ModelTask[] s_tasks = [ModelTask.Classification, ModelTask.MultiLabel, ModelTask.Regression, ModelTask.Embedding];

    /// <summary>V, the number of tokens, a row each.</summary>
    public required int VocabSize { get; init; }

    /// <summary>D, the width of a row.</summary>
    public required int HiddenDim { get; init; }

    /// <summary>Whether the mean of the rows is divided by its length.</summary>
    public bool Normalize { get; init; }

    /// <summary>The tokens that do not count, neither in the sum nor in the number it is divided by: those around a text, and the unknown one.</summary>
    public IReadOnlyList<int> IgnoredTokenIds { get; init; } = [];

    /// <summary>The token that fills up short texts.</summary>
    public int PadTokenId { get; init; }

    /// <summary>The width of the layer between the mean and the logits; 0: there is none, as always in an embedding.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int ClassifierHiddenSize { get; init; }

    /// <summary>The probability of dropout before the head; an embedding has none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public double Dropout { get; init; }

    /// <summary>Model2Vec's name for the most tokens of a text: none.</summary>
    public int SeqLength { get; init; } = 1_000_000;

    /// <inheritdoc/>
    public override string ModelType => Task == ModelTask.Embedding ? Model2Vec : Own;

    /// <inheritdoc/>
    public override string Architecture => Task switch
    {
        ModelTask.Embedding => "StaticModel",
        ModelTask.Regression => "Static" + ModelTasks.RegressionSuffix,
        ModelTask.MultiLabel => "Static" + ArchitectureTask.MultiLabelSuffix,
        _ => "StaticForSequenceClassification",
    };

    /// <inheritdoc/>
    public override string Summary => string.Create(CultureInfo.InvariantCulture, $"static table, {VocabSize:N0} × {HiddenDim}");

    /// <summary>How many numbers the model answers with.</summary>
    internal int Outputs => Task == ModelTask.Embedding ? HiddenDim : Classes;

    private protected override IReadOnlyList<ModelTask> Tasks => s_tasks;

    private protected override void Check(ConfigFaults faults)
    {
        faults.UnlessRows(VocabSize, "the size of the vocabulary");
        faults.UnlessPositive(HiddenDim, "dimensions");
        faults.Unless(PadTokenId >= 0 && PadTokenId < VocabSize, $"the padding token is {PadTokenId}; the vocabulary has {VocabSize} tokens");
        faults.Unless(IgnoredTokenIds.Count <= MostIgnored, $"{IgnoredTokenIds.Count} tokens are ignored; at most {MostIgnored} are served: leave the others out of the tokenizer");
        faults.Unless(IgnoredTokenIds.All(id => id >= 0 && id < VocabSize), $"the ignored tokens are {ConfigFaults.Shown(IgnoredTokenIds)}; the vocabulary has {VocabSize} tokens");
        faults.Unless(ClassifierHiddenSize >= 0, $"hidden is {ClassifierHiddenSize}; 0 or more is needed");
        faults.Unless(Task != ModelTask.Embedding || ClassifierHiddenSize == 0, "hidden is for a model with a head, and an embedding has none; leave it out");
        faults.UnlessDropout(Dropout, "dropout");
    }

    private protected override Model Make(Generator? generator) => new StaticTextModel(this, generator);

    private protected override Model MakeOn(Model other, Generator? generator) => new StaticTextModel(this, generator, (StaticTextModel)other);

    private const int MostIgnored = 64; // each is a comparison of every token
}
