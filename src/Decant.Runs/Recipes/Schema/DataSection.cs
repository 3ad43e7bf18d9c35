using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Decant.Runs.Recipes.Binding;
using Decant.Runs.Recipes.Kinds;

namespace Decant.Runs.Recipes.Schema;

/// <summary>Where the samples come from and which of them serve what.</summary>
public sealed record DataSection
{
    /// <summary>The samples to learn from; what <see cref="Split"/> takes is taken from here.</summary>
    [Description("training samples")]
    [ChoiceOf(Sections.Source)]
    public required Choice Train { get; init; }

    /// <summary>Samples to choose checkpoints by; null: <see cref="SplitSection.Validation"/> of the training samples, or none.</summary>
    [Description("validation samples")]
    [ChoiceOf(Sections.Source)]
    public Choice? Validation { get; init; }

    /// <summary>Samples for the final figures; null: <see cref="SplitSection.Test"/> of the training samples.</summary>
    [Description("test samples, used for the final evaluation only")]
    [ChoiceOf(Sections.Source)]
    public Choice? Test { get; init; }

    /// <summary>What is taken from the training samples for validation and test; null: nothing.</summary>
    [Description("validation and test splits that are cut from the training samples")]
    public SplitSection? Split { get; init; }

    /// <summary>
    /// Makes a training split of equal classes unequal, for studies: the first class keeps this many times as many samples as the last, those between fall off
    /// exponentially; null: all stay. Validation and test samples stay as they are.
    /// </summary>
    [Description("imbalance factor: makes the training classes long-tailed, for studies; the ratio of the largest class size to the smallest")]
    [Range(1.0, double.MaxValue, MinimumIsExclusive = true)]
    public double? ImbalanceFactor { get; init; }

    /// <summary>For tagged words, the scheme that tags say entities by; by default decided by all tags of the training samples.</summary>
    [Description("tagging scheme of entities; default: detected from the tags")]
    public TagSchemeName TagScheme { get; init; }

    /// <summary>How many of the training labels the student and its control may see; default: all. The rest is unlabelled transfer data.</summary>
    [Description("training labels visible to the student; absent: all")]
    public CountOrFraction? StudentLabels { get; init; }
}

/// <summary>What is taken from the training samples.</summary>
public sealed record SplitSection
{
    /// <summary>How much serves validation: a share (0.1) or a number of samples (5000); null: nothing.</summary>
    [Description("fraction or number of samples for validation")]
    public CountOrFraction? Validation { get; init; }

    /// <summary>How much serves the test: a share or a number of samples; null: nothing.</summary>
    [Description("fraction or number of samples for testing")]
    public CountOrFraction? Test { get; init; }

    /// <summary>Whether each part has the classes in the proportions of the whole; default: true.</summary>
    [Description("stratified split: keep the class proportions")]
    public bool Stratified { get; init; } = true;

    /// <summary>The split's own seed, so that all seeds of a run share one test set; default: 0.</summary>
    [Description("random seed of the split")]
    [Range(0, long.MaxValue)]
    public long Seed { get; init; }

    /// <summary>
    /// What is done about samples with the same content, with or without the same labels, in two parts. Null: dropped from the earlier part where the later one (validation, test) is
    /// cut from the training samples by this section, and reported where it is given as <c>data.validation</c> or <c>data.test</c>, as published scores are made with it.
    /// </summary>
    [Description("what to do with duplicates between splits, whatever their labels; default: drop them from the training split where this section cuts the other, report them where the other is given")]
    public Overlap? Overlap { get; init; }
}

/// <summary>How tags say where entities begin and end.</summary>
public enum TagSchemeName
{
    /// <summary>All tags of the training samples decide.</summary>
    Auto,

    /// <summary>B-, I-: IOB1 and IOB2.</summary>
    Bio,

    /// <summary>B-, I-, E-, S-.</summary>
    Bioes,

    /// <summary>B-, I-, L-, U-.</summary>
    Bilou,

    /// <summary>B-, M-, E-, S-.</summary>
    Bmes,

    /// <summary>The tag is the type: neighbouring words of one type are one entity.</summary>
    Io,
}

/// <summary>What is done about samples with the same content in two parts, which make a test score look better than it is.</summary>
public enum Overlap
{
    /// <summary>They stay, and their number is reported: published splits have them.</summary>
    Report,

    /// <summary>They are taken out of the training samples, and their number is reported.</summary>
    Drop,

    /// <summary>The run does not start.</summary>
    Refuse,
}
