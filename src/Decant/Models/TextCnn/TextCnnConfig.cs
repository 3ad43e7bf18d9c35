using Decant.Models.Configuration;
using Decant.Modules;
using Decant.Torch;

namespace Decant.Models.TextCnn;

/// <summary>The settings of a <see cref="TextCnnClassifier"/>.</summary>
internal sealed record TextCnnConfig : NetworkConfig
{
    /// <summary>V, the number of tokens.</summary>
    public required int VocabSize { get; init; }

    /// <summary>The token that fills up short texts.</summary>
    public int PadTokenId { get; init; }

    /// <summary>The width of a token's vector.</summary>
    public int EmbeddingSize { get; init; } = 128;

    /// <summary>The numbers of tokens that filters see at once.</summary>
    public IReadOnlyList<int> FilterWidths { get; init; } = [3, 4, 5];

    /// <summary>How many filters there are of every width.</summary>
    public int NumFilters { get; init; } = 100;

    /// <summary>The probability of dropout before the logits.</summary>
    public double Dropout { get; init; } = 0.5;

    /// <inheritdoc/>
    public override string ModelType => "textcnn";

    internal override string Network => "TextCnn";

    /// <inheritdoc/>
    public override string Summary =>
        $"TextCNN, {NumFilters} filters per width";

    private protected override void Check(ConfigFaults faults)
    {
        faults.UnlessRows(VocabSize, "the size of the vocabulary");
        faults.Unless(PadTokenId >= 0 && PadTokenId < VocabSize, $"the padding token is {PadTokenId}; the vocabulary has {VocabSize} tokens");
        faults.UnlessPositive(EmbeddingSize, "embedding");
        faults.UnlessFew(FilterWidths, "widths");
        faults.Unless(
            FilterWidths.Count > 0 && FilterWidths.All(w => w >= 1),
            $"widths is [{ConfigFaults.Shown(FilterWidths)}]; at least one number of at least 1 is needed");
        faults.UnlessPositive(NumFilters, "filters");
        faults.UnlessDropout(Dropout, "dropout");
    }

    private protected override Model Make(Generator? generator) => new TextCnnClassifier(this, generator);

    private protected override Model MakeOn(Model other, Generator? generator) => new TextCnnClassifier(this, generator, (TextCnnClassifier)other);
}
