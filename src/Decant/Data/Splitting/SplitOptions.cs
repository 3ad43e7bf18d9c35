using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace Decant.Data.Splitting;

/// <summary>How parts of the training source become the validation and the test split.</summary>
public sealed record SplitOptions
{
    /// <summary>The validation split: a fraction of the labelled samples (below 1) or how many of them (from 1); null: given, or none.</summary>
    [Description("validation split: a fraction (0.1) or a number of samples (5000)")]
    [Range(0.0, int.MaxValue, MinimumIsExclusive = true)]
    public double? Validation { get; init; }

    /// <summary>The test split: a fraction of the labelled samples (below 1) or how many of them (from 1); null: given, or none.</summary>
    [Description("test split: a fraction (0.2) or a number of samples (1000)")]
    [Range(0.0, int.MaxValue, MinimumIsExclusive = true)]
    public double? Test { get; init; }

    /// <summary>What chooses the samples; not the run's seed, so that runs with other seeds are measured on the same test split. Default: 0.</summary>
    [Description("random seed of the split")]
    [Range(0L, long.MaxValue)]
    public long Seed { get; init; }

    /// <summary>Whether every split has the classes in the proportions of the whole, and each class at least once; default: true.</summary>
    [Description("stratified split: keep the class proportions")]
    public bool Stratified { get; init; } = true;

    /// <summary>
    /// What to do about samples with the same content in two splits, with or without the same labels; null: <see cref="OverlapPolicy.Drop"/> where the later split is cut from the
    /// training source, <see cref="OverlapPolicy.Report"/> where it is given.
    /// </summary>
    [Description("what to do with duplicates between splits: report, drop (from the earlier split) or refuse; default: drop where the later split is cut, report where it is given")]
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
