using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace Decant.Training;

/// <summary>When training ends before its time.</summary>
public sealed record EarlyStoppingOptions
{
    /// <summary>The validation metric that must improve; null: that of <see cref="TrainingOptions.BestBy"/>, with which it must agree.</summary>
    [Description("validation metric that must improve; default: that of best-by")]
    [NameOfKind(Sections.Metric)]
    public string? Metric { get; init; }

    /// <summary>Epochs without improvement after which training ends.</summary>
    [Description("epochs without improvement after which training stops")]
    [Range(1, 1_000_000)]
    public required int Patience { get; init; }
}
