using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Decant.Runs.Recipes.Binding;
using Decant.Runs.Recipes.Kinds;

namespace Decant.Runs.Recipes.Schema;

/// <summary>How samples are varied each time they are seen; nothing that is left out happens.</summary>
public sealed record AugmentSection
{
    /// <summary>Pixels that an image is moved by at most, each way, zeros coming in; default: 0.</summary>
    [Description("random shift of an image, in pixels at most in each direction")]
    [Range(0, 256)]
    public int Shift { get; init; }

    /// <summary>Pixels of zeros put around an image before a window of its own size is cut out; default: 0.</summary>
    [Description("padding before a random crop to the original size, in pixels")]
    [Range(0, 256)]
    public int CropPadding { get; init; }

    /// <summary>Whether every other image is mirrored left to right; default: false.</summary>
    [Description("random horizontal flip, with probability 0.5")]
    public bool Flip { get; init; }

    /// <summary>The share of a text's tokens that is hidden; default: 0.</summary>
    [Description("probability that a token of a text is masked")]
    [Range(0.0, 1.0, MaximumIsExclusive = true)]
    public double TokenDropout { get; init; }
}

/// <summary>When training ends before its time.</summary>
public sealed record EarlyStoppingSection
{
    /// <summary>The validation metric that must improve; null: that of <see cref="TrainingSection.BestBy"/>, with which it must agree.</summary>
    [Description("validation metric that must improve; default: that of best-by")]
    [NameOfKind(Sections.Metric)]
    public string? Metric { get; init; }

    /// <summary>Epochs without improvement after which training ends.</summary>
    [Description("epochs without improvement after which training stops")]
    [Range(1, 1_000_000)]
    public required int Patience { get; init; }
}
