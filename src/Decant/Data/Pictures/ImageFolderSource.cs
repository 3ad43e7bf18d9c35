using System.ComponentModel;
using Decant.Data.Labels;

namespace Decant.Data.Pictures;

/// <summary>A folder of pictures with a sub-folder for every class, as torchvision's <c>ImageFolder</c> reads it.</summary>
/// <remarks>
/// What lies deeper below a class's folder belongs to the class. Files that begin with a dot, and files that are no pictures by their ending (.png, .jpg, .jpeg, .bmp, .gif, .webp, in any case), are passed
/// over and counted. Samples come by path, in the order of code units, whatever the file system's order is.
/// </remarks>
public sealed record ImageFolderOptions : PictureSourceOptions
{
    /// <summary>The folder.</summary>
    [Description("folder of the pictures; each sub-folder is a class")]
    [LocalPath]
    public required string Folder { get; init; }

    /// <summary>Whether the sub-folders are classes, named by them and in the order of their code units; default: true. Off: all pictures in the folder and below are unlabelled.</summary>
    [Description("whether the sub-folders are classes; if not, all pictures in the folder and below it are unlabelled")]
    public bool Labels { get; init; } = true;

    /// <inheritdoc/>
    public override Dataset Open(CancellationToken cancellationToken = default)
    {
        var found = PictureFiles.In(Folder, Labels);
        using var samples = new KeptSamples(MaxInMemoryBytes);
        var (labels, paths) = (new LabelColumn(), new List<string>());
        var reader = new PictureReader(this, Folder);
        reader.Read(found.Pictures.Select(picture => (picture.Path, (Func<byte[]>)(() => PictureFiles.Bytes(picture.Path)))), (number, image) =>
        {
            samples.Add(image);
            labels.Add(found.Pictures[number].Class);
            paths.Add(found.Pictures[number].Path);
        }, cancellationToken);
        reader.ThrowIfAny();
        var store = samples.ToStore(Folder, row => paths[row], [.. found.Remarks, .. reader.Remarks()]);
        try
        {
            return Dataset.Create(store, labels, Classes ?? (Labels ? [.. labels.Names.Order(StringComparer.Ordinal)] : null));
        }
        catch
        {
            store.Dispose();
            throw;
        }
    }
}
