using System.Globalization;
using Decant.Files;

namespace Decant.Hub.NuGet;

/// <summary>The files of an imported model with their lengths, written down beside them: a folder that was damaged is not taken for whole.</summary>
internal static class ImportedFiles
{
    private const string ListName = ".files"; // a line for each: its bytes, a space, its path

    /// <summary>Writes the list.</summary>
    /// <param name="folder">The model's folder, all of whose files are there.</param>
    public static void Write(string folder) =>
        AtomicFile.Write(Path.Combine(folder, ListName), System.Text.Encoding.UTF8.GetBytes(string.Concat(Of(folder).Select(f => string.Create(CultureInfo.InvariantCulture, $"{LengthOf(folder, f)} {f}\n")))));

    /// <summary>What is wrong with a folder, in words; empty: it is not there, or no list is, as earlier versions left it. Null: it is whole.</summary>
    public static string? Fault(string folder)
    {
        var list = Path.Combine(folder, ListName);
        if (!File.Exists(list))
            return "";
        using var reader = File.OpenText(list);
        foreach (var line in BoundedLines.Of(reader, list))
        {
            if (line.Split(' ', 2) is not [var bytes, var file] || !long.TryParse(bytes, CultureInfo.InvariantCulture, out var expected))
                return $"{ListName} is no list of files";
            if (LengthOf(folder, file) is var came && came != expected)
                return came is null ? $"{file} is missing" : string.Create(CultureInfo.InvariantCulture, $"{file} has {came:N0} bytes instead of {expected:N0}");
        }

        return null;
    }

    /// <summary>The files of a model's folder, as paths with '/', in order; without the list.</summary>
    public static string[] Of(string folder) =>
    [
        .. Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Select(f => Path.GetRelativePath(folder, f).Replace('\\', '/')).Where(f => f != ListName).Order(StringComparer.Ordinal),
    ];

    private static long? LengthOf(string folder, string file) => new FileInfo(Path.Combine(folder, file)) is { Exists: true, Length: var length } ? length : null;
}
