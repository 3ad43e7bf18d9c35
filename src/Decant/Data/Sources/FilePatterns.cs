namespace Decant.Data.Sources;

/// <summary>Turns files, folders and patterns into files.</summary>
internal static class FilePatterns
{
    /// <summary>The files in the order of the entries; those of one entry by name.</summary>
    /// <param name="entries">What the user names.</param>
    /// <param name="kind">The kind of the source, for messages.</param>
    /// <param name="inFolders">The pattern of the files that are taken from a folder.</param>
    /// <exception cref="DecantException">An entry matches no file.</exception>
    public static IReadOnlyList<string> Expand(IReadOnlyList<string> entries, string kind, string inFolders = "*")
    {
        if (entries.Count == 0) throw new DecantException($"{kind}: 'files' is an empty list; name files, folders or patterns.");
        var files = entries.SelectMany(entry => One(entry, inFolders)).ToArray();
        var twice = files.GroupBy(Path.GetFullPath, StringComparer.Ordinal).FirstOrDefault(group => group.Count() > 1);
        return twice is null ? files : throw new DecantException($"{kind}: {twice.Key} is named {twice.Count()} times in 'files'; name every file once.");
    }

    private static IReadOnlyList<string> One(string entry, string inFolders)
    {
        if (Directory.Exists(entry)) return Sorted(entry, inFolders, SearchOption.AllDirectories, entry);
        var name = Path.GetFileName(entry);
        if (name.AsSpan().IndexOfAny('*', '?') < 0) return [entry];
        var folder = Path.GetDirectoryName(entry) is { Length: > 0 } parent ? parent : ".";
        return Directory.Exists(folder)
            ? Sorted(folder, name, SearchOption.TopDirectoryOnly, entry)
            : throw new DecantException($"{entry}: there is no folder {Path.GetFullPath(folder)}; patterns name files in an existing folder.");
    }

    private static string[] Sorted(string folder, string pattern, SearchOption depth, string entry)
    {
        var files = Directory.GetFiles(folder, pattern, depth).Where(file => !Path.GetFileName(file).StartsWith('.')).Order(StringComparer.Ordinal).ToArray();
        return files.Length > 0 ? files : throw new DecantException($"{entry}: no file is there{(pattern == "*" ? "" : $" that is named {pattern}")} (looked in {Path.GetFullPath(folder)}); check the path, or fetch the data.");
    }
}
