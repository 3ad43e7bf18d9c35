using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace Decant.Data.Batching;

/// <summary>How samples are varied each time they are seen; what is left out does not happen.</summary>
/// <remarks>The chance of a sample depends on the seed, the epoch and its id alone, with <see cref="Views"/> on the view and the id: not on the batch that it is in, nor on threads.</remarks>
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

    /// <summary>
    /// How many views of each sample there are, 1 or more, the same for every seed. Epochs take them in turn, so that a teacher answers for each view once, however many epochs there are
    /// (Shen and Xing 2022, arXiv:2112.01528, keep a teacher's answers for some crops of each image). Null, the default: a new view in every epoch, for which the teacher runs anew.
    /// </summary>
    [Description("number of views of each sample, which the epochs take in turn, so that the teacher answers for each view once; absent: new views in every epoch")]
    [Range(1, 1000)]
    public int? Views { get; init; }

    internal bool ChangesImages => Shift > 0 || CropPadding > 0 || Flip;
}
