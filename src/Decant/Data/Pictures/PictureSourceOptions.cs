using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Decant.Data.Sources;

namespace Decant.Data.Pictures;

/// <summary>What sources of encoded pictures have: PNG, JPEG, BMP, WebP, and the first frame of a GIF.</summary>
/// <remarks>
/// Every picture is decoded once, when the source is opened, and kept as bytes of the wanted size. It is turned upright as its EXIF orientation says; of 16 bits a channel the upper 8 are taken; CMYK
/// becomes red, green and blue; what is transparent becomes white; colour profiles are not applied.
/// </remarks>
public abstract record PictureSourceOptions : SourceOptions
{
    /// <summary>The side in pixels of the squares that pictures are resized to, bilinear, antialiased where they shrink, rounded to bytes; null: they stay as they are, and must be of one size.</summary>
    [Description("side in pixels of the square that pictures are resized to when they are read: bilinear, antialiased where they shrink; absent: all must have one size")]
    [Range(1, 4096)]
    public int? Size { get; init; }

    /// <summary>Whether a picture that is no square is cut to the largest square in its middle before it is resized; default: false, it is stretched. Only with <see cref="Size"/>.</summary>
    [Description("whether a picture is cut to the square in its middle before it is resized; if not, it is stretched")]
    public bool Crop { get; init; }

    /// <summary>3: red, green, blue, which grey pictures get three times; 1: grey, the luma 0.299 R + 0.587 G + 0.114 B (ITU-R BT.601). Default: 3.</summary>
    [Description("channels of the images: 3 (colour) or 1 (grey)")]
    [AllowedValues(1, 3)]
    public int Channels { get; init; } = 3;

    /// <summary>What becomes of a picture that cannot be decoded; default: refused. Dropped, it is left out, and <see cref="Dataset.Remarks"/> says how many were, and which was the first.</summary>
    [Description("what to do with pictures that cannot be decoded: refuse or drop")]
    public EmptyRows Damaged { get; init; } = EmptyRows.Refuse;

    /// <summary>The classes in their order; left out: those that occur, sorted.</summary>
    [Description("class names in order; default: those that occur, sorted")]
    public IReadOnlyList<string>? Classes { get; init; }

    /// <summary>Samples of more bytes than this together are kept in a file of the cache's folder while the program runs; default: 256 MiB.</summary>
    [Description("most bytes of decoded samples that are held in memory; more are kept in a file while the run goes")]
    [Range(0L, long.MaxValue)]
    public long MaxInMemoryBytes { get; init; } = 256L << 20;
}
