using Decant.Data;
using Decant.Data.Pictures;
using Decant.Data.Sources;

namespace Decant.Runs.Recipes.Templates;

/// <summary>A folder with a sub-folder of pictures for every class: whether they are of one small size already, and whether they are grey.</summary>
internal static class PictureGuess
{
    private const int Looked = 48;
    private const int Small = 64; // pixels; larger pictures are resized to it

    /// <exception cref="DecantException">It has no sub-folders with pictures, or none of those that are looked at can be decoded.</exception>
    public static DataGuess Of(string folder)
    {
        var pictures = PictureFiles.In(folder, hasClasses: true).Pictures;
        var step = Math.Max(1, pictures.Count / Looked);
        var form = new ImageFolderOptions { Folder = folder };
        ImageContent[] images = [.. pictures.Where((_, i) => i % step == 0).Select(picture => Decoded(picture.Path, form)).OfType<ImageContent>()];
        if (images.Length == 0) throw new DecantException($"{folder}: expected pictures, came {pictures.Count:N0} files of which none that was looked at can be decoded, such as {pictures[0].Path}.");
        var (height, width) = (images[0].Height, images[0].Width);
        return new DataGuess
        {
            Kind = "image-folder",
            IsImages = true,
            Size = height <= Small && width <= Small && Array.TrueForAll(images, image => image.Height == height && image.Width == width) ? null : Small,
            AreGrey = Array.TrueForAll(images, IsGrey),
        };
    }

    private static bool IsGrey(ImageContent image)
    {
        var pixels = image.Pixels.Span;
        var plane = image.Height * image.Width;
        return pixels[..plane].SequenceEqual(pixels.Slice(plane, plane)) && pixels[..plane].SequenceEqual(pixels.Slice(2 * plane, plane));
    }

    private static ImageContent? Decoded(string path, PictureSourceOptions form)
    {
        try
        {
            return PictureForm.Of(PictureFiles.Bytes(path), form);
        }
        catch (RowFaultException)
        {
            return null; // the run says so
        }
    }
}
