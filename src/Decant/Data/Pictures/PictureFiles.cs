using System.Globalization;
using System.IO.Enumeration;
using Decant.Data.Labels;
using Decant.Data.Sources;
using Decant.Files;

namespace Decant.Data.Pictures;

/// <summary>A picture's file.</summary>
/// <param name="Path">Where it is.</param>
/// <param name="Class">The class whose folder it is in; null: it has none.</param>
internal readonly record struct PictureFile(string Path, string? Class);

/// <summary>The pictures of a folder, by path.</summary>
/// <param name="Pictures">One or more.</param>
/// <param name="Remarks">What was passed over.</param>
internal sealed record PictureFiles(IReadOnlyList<PictureFile> Pictures, IReadOnlyList<string> Remarks)
{
    private const int MostBytes = 512 << 20;
    private static readonly string[] s_endings = [".png", ".jpg", ".jpeg", ".bmp", ".gif", ".webp"];

    /// <summary>Whether a file is a picture by its ending.</summary>
    public static bool IsPicture(string path) => s_endings.Contains(Path.GetExtension(path), StringComparer.OrdinalIgnoreCase);

    /// <summary>Finds them.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="hasClasses">Whether its sub-folders are classes.</param>
    /// <exception cref="DecantException">There is no such folder, it cannot be read, or it has no pictures where they are expected.</exception>
    public static PictureFiles In(string folder, bool hasClasses)
    {
        if (!Directory.Exists(folder))
            throw new DecantException($"{folder}: {(File.Exists(folder) ? "expected a folder of pictures, came a file" : $"there is no such folder (looked for {Path.GetFullPath(folder)})")}; check the path, or fetch the data.");
        try
        {
            return hasClasses ? ByClass(folder) : Unlabelled(folder);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new DecantException($"{folder}: the folder cannot be read: {error.Message}", inner: error);
        }
    }

    /// <summary>A picture's file as it is.</summary>
    /// <exception cref="RowFaultException">It cannot be read.</exception>
    public static byte[] Bytes(string path)
    {
        try
        {
            using var stream = SourceFile.Open(path);
            return RegularFile.Bytes(stream, path, MostBytes);
        }
        catch (Exception error) when (error is DecantException or IOException or UnauthorizedAccessException)
        {
            throw new RowFaultException(error.Message.StartsWith(path + ": ", StringComparison.Ordinal) ? error.Message[(path.Length + 2)..] : error.Message);
        }
    }

    private static PictureFiles ByClass(string folder)
    {
        var classes = Directory.GetDirectories(folder).Where(f => !IsHidden(f)).Order(StringComparer.Ordinal).ToArray();
        var (pictures, others, empty) = (new List<PictureFile>(), new List<string>(), new List<string>());
        foreach (var path in classes)
        {
            var name = Path.GetFileName(path);
            var before = pictures.Count;
            foreach (var file in Walk(path))
            {
                if (IsPicture(file) && !IsHidden(file)) pictures.Add(new(file, name));
                else others.Add(file);
            }

            if (pictures.Count == before) empty.Add(name);
        }

        string[] loose = [.. Directory.GetFiles(folder).Order(StringComparer.Ordinal)];
        if (pictures.Count == 0)
            throw new DecantException($"{folder}: expected sub-folders with pictures, one for each class, came {(classes.Length == 0 ? "none" : $"{classes.Length} without a picture")}{(loose.Any(IsPicture) ? "; pictures lie in the folder itself: say 'labels: false' where they have no classes" : "")}.");
        var beside = loose.Where(f => IsPicture(f) && !IsHidden(f)).ToArray();
        return new(pictures,
        [
            .. Remark(folder, [.. others, .. loose.Except(beside)], "files are no pictures (PNG, JPEG, BMP, GIF, WebP) and were passed over"),
            .. Remark(folder, beside, "pictures lie beside the folders of the classes and were passed over"),
            .. empty.Count == 0 ? (string[])[] : [$"{folder}: no picture is in {ClassList.Show([.. empty.Select(e => $"'{e}'")])}, so {(empty.Count == 1 ? "it is no class" : "they are no classes")}."],
        ]);
    }

    private static PictureFiles Unlabelled(string folder)
    {
        var files = Walk(folder).ToArray();
        var pictures = files.Where(f => IsPicture(f) && !IsHidden(f)).ToArray();
        if (pictures.Length == 0) throw new DecantException($"{folder}: expected pictures (PNG, JPEG, BMP, GIF, WebP), came none among {files.Length:N0} files.");
        return new([.. pictures.Select(p => new PictureFile(p, null))], [.. Remark(folder, [.. files.Except(pictures)], "files are no pictures (PNG, JPEG, BMP, GIF, WebP) and were passed over")]);
    }

    private static IEnumerable<string> Remark(string folder, IReadOnlyList<string> files, string what) => files.Count == 0 ? [] :
        [string.Create(CultureInfo.InvariantCulture, $"{folder}: {files.Count:N0} {what}, such as {Path.GetRelativePath(folder, files[0])}.")];

    private static bool IsHidden(string path) => Path.GetFileName(path).StartsWith('.');

    /// <summary>All files of a folder and below, by path; hidden folders and links to folders are not entered, so that no link leads round in a circle.</summary>
    private static IEnumerable<string> Walk(string folder) => new FileSystemEnumerable<string>(
        folder,
        (ref FileSystemEntry entry) => entry.ToFullPath(),
        new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = 0 })
    {
        ShouldIncludePredicate = (ref FileSystemEntry entry) => !entry.IsDirectory,
        ShouldRecursePredicate = (ref FileSystemEntry entry) => !entry.FileName.StartsWith('.') && !entry.Attributes.HasFlag(FileAttributes.ReparsePoint),
    }.Order(StringComparer.Ordinal);
}
