using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace Decant.Data.Splitting;

/// <summary>How parts of the training source become the validation and the test split.</summary>
public sealed record SplitOptions
{
    /// <summary>The validation split: a fraction of the labelled samples (0.1) or how many of them (5000); null: given, or none.</summary>
    [Description("fraction or number of samples for validation")]
    public CountOrFraction? Validation { get; init; }

    /// <summary>The test split: a fraction of the labelled samples (0.2) or how many of them (1000); null: given, or none.</summary>
    [Description("fraction or number of samples for testing")]
    public CountOrFraction? Test { get; init; }

    /// <summary>Whether every split has the classes in the proportions of the whole, and each class at least once; default: true.</summary>
    [Description("stratified split: keep the class proportions")]
    public bool Stratified { get; init; } = true;

    /// <summary>What chooses the samples; not the run's seed, so that runs with other seeds are measured on the same test split. Default: 0.</summary>
    [Description("random seed of the split")]
    [Range(0, long.MaxValue)]
    public long Seed { get; init; }

    /// <summary>
    /// What to do about samples with the same content in two splits, with or without the same labels; null: <see cref="OverlapPolicy.Drop"/> where the later split is cut from the
    /// training source, <see cref="OverlapPolicy.Report"/> where it is given.
    /// </summary>
    [Description("what to do with duplicates between splits, whatever their labels; default: drop them from the training split where this section cuts the other, report them where the other is given")]
    public OverlapPolicy? Overlap { get; init; }
}

/// <summary>What to do about samples with the same content in two splits, which make a test score look better than it is.</summary>
public enum OverlapPolicy
{
    /// <summary>Keep them, and put their number into the run's record and report: published splits have them, and published scores are made with them.</summary>
    Report,

    /// <summary>Take them out of the training split (or of the validation split, where the test split has them), and report their number.</summary>
    Drop,

    /// <summary>Stop with a message that says how many there are and where the first is.</summary>
    Refuse,
}
