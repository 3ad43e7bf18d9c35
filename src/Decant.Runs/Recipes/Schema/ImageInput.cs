using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace Decant.Runs.Recipes.Schema;

/// <summary>What becomes of an image before a model reads it.</summary>
internal record ImageInput
{
    /// <summary>For images, the side in pixels of the squares that they are resized to, bilinear, antialiased where they shrink; null: they stay as they are.</summary>
    [Description("side in pixels of the square that images are resized to, after augmentation: bilinear, antialiased where they shrink; absent: not resized")]
    [Range(1, 4096)]
    public int? Size { get; init; }

    /// <summary>For images, what is subtracted from each channel after scaling to 0…1; null: nothing.</summary>
    [Description("mean per channel, subtracted after scaling to 0…1; absent: nothing is subtracted")]
    public IReadOnlyList<double>? Mean { get; init; }

    /// <summary>For images, what each channel is divided by after the mean is subtracted; null: nothing.</summary>
    [Description("standard deviation per channel, divided by after the mean is subtracted; absent: no division")]
    [Range(0.0, double.MaxValue, MinimumIsExclusive = true)]
    public IReadOnlyList<double>? Std { get; init; }
}
