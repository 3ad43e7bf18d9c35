using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Decant.Data.Sources;
using Decant.Data.Splitting;
using Decant.Text.Tags;

namespace Decant.Runs.Recipes.Schema;

/// <summary>Where the samples come from and which of them serve what.</summary>
internal sealed record DataSection
{
    /// <summary>The samples to learn from; what <see cref="Split"/> takes is taken from here.</summary>
    [Description("training samples")]
    [ChoiceOf(Sections.Source)]
    public required SourceOptions Train { get; init; }

    /// <summary>Samples to choose checkpoints by; null: <see cref="SplitOptions.Validation"/> of the training samples, or none.</summary>
    [Description("validation samples")]
    [ChoiceOf(Sections.Source)]
    public SourceOptions? Validation { get; init; }

    /// <summary>Samples for the final figures; null: <see cref="SplitOptions.Test"/> of the training samples.</summary>
    [Description("test samples, used for the final evaluation only")]
    [ChoiceOf(Sections.Source)]
    public SourceOptions? Test { get; init; }

    /// <summary>What is taken from the training samples for validation and test; null: nothing.</summary>
    [Description("validation and test splits that are cut from the training samples")]
    public SplitOptions? Split { get; init; }

    /// <summary>
    /// Makes a training split of equal classes unequal, for studies: the first class keeps this many times as many samples as the last, those between fall off
    /// exponentially; null: all stay. Validation and test samples stay as they are.
    /// </summary>
    [Description("imbalance factor: makes the training classes long-tailed, for studies; the ratio of the largest class size to the smallest")]
    [Range(1.0, double.MaxValue, MinimumIsExclusive = true)]
    public double? ImbalanceFactor { get; init; }

    /// <summary>For tagged words, the scheme that tags say entities by; by default decided by all tags of the training samples.</summary>
    [Description("tagging scheme of entities; default: detected from the tags")]
    public TagScheme TagScheme { get; init; }

    /// <summary>How many of the training labels the student and its control may see; default: all. The rest is unlabelled transfer data.</summary>
    [Description("training labels visible to the student; absent: all")]
    public CountOrFraction? StudentLabels { get; init; }
}
