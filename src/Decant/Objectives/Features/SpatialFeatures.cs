using Decant.Torch;

namespace Decant.Objectives.Features;

/// <summary>What is done with values of images, [B, C, Y, X].</summary>
internal static class SpatialFeatures
{
    /// <summary>A vector of channels for every place: [B, Y·X, C].</summary>
    public static Tensor Vectors(Tensor image) => image.Flatten(2).Transpose(1, 2);

    /// <summary>All with as many places: the larger are averaged over, down to the smallest height and width among them.</summary>
    public static (Tensor Student, Tensor[] Teachers) Alike(Tensor student, Tensor[] teachers)
    {
        var height = teachers.Append(student).Min(t => t.Size(2));
        var width = teachers.Append(student).Min(t => t.Size(3));
        return (Resized(student, height, width), Array.ConvertAll(teachers, t => Resized(t, height, width)));
    }

    /// <summary>The means over areas, where there are more places than that.</summary>
    public static Tensor Resized(Tensor image, long height, long width) =>
        image.Size(2) == height && image.Size(3) == width ? image : Functional.AdaptiveAvgPool2d(image, height, width);
}
