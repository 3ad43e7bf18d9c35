using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace Decant.Data.Batching;

/// <summary>How samples are varied each time they are seen; what is left out does not happen.</summary>
/// <remarks>The chance of a sample depends on the seed, the epoch and its id alone: not on the batch that it is in, nor on threads.</remarks>
public sealed record AugmentOptions
{
    /// <summary>No variation.</summary>
    public static AugmentOptions None { get; } = new();

    /// <summary>Pixels that an image is moved by at most, each way and in each direction alike; zeros come in. Default: 0.</summary>
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

    /// <summary>The chance of each token, special ones excepted, to be replaced by [MASK] (Tang et al. 2019, §3.2); default: 0.</summary>
    [Description("probability that a token of a text is masked")]
    [Range(0.0, 1.0, MaximumIsExclusive = true)]
    public double TokenDropout { get; init; }

    internal bool ChangesImages => Shift > 0 || CropPadding > 0 || Flip;
}
