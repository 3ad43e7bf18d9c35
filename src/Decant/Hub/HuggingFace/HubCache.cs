using Decant.Files;

namespace Decant.Hub.HuggingFace;

/// <summary>
/// One repository in the cache of Hugging Face's own tools: <c>models--ORG--NAME</c> with <c>refs</c> (which commit a branch is at), <c>blobs</c> (contents, each under its hash) and
/// <c>snapshots</c> (the files of a commit by name, as links to the contents).
/// </summary>
/// <param name="root">The folder of the whole cache.</param>
/// <param name="name">The repository, <c>ORG/NAME</c>.</param>
/// <param name="mayLink">Whether a snapshot links to contents; false: it holds them.</param>
internal sealed class HubCache(string root, string name, bool mayLink)
{
    private readonly string _home = Path.Combine(root, FolderOf(name));

    /// <summary>The folder of a commit's files.</summary>
    public string Snapshot(string commit) => Path.Combine(_home, "snapshots", commit);

    /// <summary>A file of a commit.</summary>
    public string Pointer(string commit, string path) => Path.Combine([Snapshot(commit), .. path.Split('/')]);

    /// <summary>A content.</summary>
    public string Blob(ContentHash hash) => Path.Combine(_home, "blobs", hash.Hex);

    /// <summary>A content that has not come in whole.</summary>
    public string Incomplete(ContentHash hash) => Blob(hash) + ".incomplete";

    /// <summary>The file by which processes that fetch the same content take turns.</summary>
    public string Lock(ContentHash hash) => Path.Combine(root, ".locks", FolderOf(name), hash.Hex + ".lock");

    /// <summary>The commit that a revision was at when it was last fetched; null: it never was.</summary>
    public string? CommitOf(string revision)
    {
        if (Repository.IsCommit(revision))
            return revision;
        var file = Reference(revision);
        return File.Exists(file) && File.ReadAllText(file).Trim() is var commit && Repository.IsCommit(commit) ? commit : null;
    }

    /// <summary>Notes the commit that a revision is at.</summary>
    public void Note(string revision, string commit)
    {
        if (revision == commit || CommitOf(revision) == commit)
            return;
        var file = Reference(revision);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        AtomicFile.Write(file, System.Text.Encoding.ASCII.GetBytes(commit));
    }

    /// <summary>The files of a commit that are here, as paths with '/', in order.</summary>
    public IReadOnlyList<string> FilesOf(string commit)
    {
        var folder = Snapshot(commit);
        return Directory.Exists(folder)
            ? [.. Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Where(f => LengthOf(f) is not null).Select(f => Path.GetRelativePath(folder, f).Replace('\\', '/')).Order(StringComparer.Ordinal)]
            : [];
    }

    /// <summary>Whether a content is here in its full length.</summary>
    /// <param name="hash">The content.</param>
    /// <param name="size">Its bytes.</param>
    public bool Has(ContentHash hash, long size) => LengthOf(Blob(hash)) == size;

    /// <summary>The bytes of a content that have come in so far.</summary>
    public long IncompleteBytes(ContentHash hash) => LengthOf(Incomplete(hash)) ?? 0;

    /// <summary>Whether a file of a commit is here in its full length.</summary>
    /// <param name="commit">The commit.</param>
    /// <param name="path">The file.</param>
    /// <param name="size">Its bytes; null: any number.</param>
    public bool HasPointer(string commit, string path, long? size) => LengthOf(Pointer(commit, path)) is { } length && (size is null || length == size);

    /// <summary>Makes a content that is here a file of a commit.</summary>
    /// <param name="hash">The content.</param>
    /// <param name="commit">The commit.</param>
    /// <param name="path">The file.</param>
    /// <param name="isNew">Whether it has just come in, so that no other commit's file leads to it.</param>
    public void Publish(ContentHash hash, string commit, string path, bool isNew)
    {
        var (pointer, blob) = (Pointer(commit, path), Blob(hash));
        Directory.CreateDirectory(Path.GetDirectoryName(pointer)!);
        // Under another name first, so that no moment has neither the old nor the new.
        var temporary = $"{pointer}.{Guid.NewGuid():N}.tmp";
        try
        {
            if (!mayLink || !TryLink(temporary, Path.GetRelativePath(Path.GetDirectoryName(pointer)!, blob)))
                Take(blob, temporary, isNew);
            File.Move(temporary, pointer, overwrite: true);
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    // Without links a snapshot holds its files itself, and the content need not be on the disk twice.
    private static void Take(string blob, string file, bool isNew)
    {
        if (isNew)
            File.Move(blob, file);
        else
            File.Copy(blob, file);
    }

    /// <summary>The bytes of a file, of what a link leads to; null: there is none.</summary>
    private static long? LengthOf(string path)
    {
        try
        {
            using var file = File.OpenHandle(path);
            return RandomAccess.GetLength(file);
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static bool TryLink(string link, string target)
    {
        try
        {
            File.CreateSymbolicLink(link, target);
            return true;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or PlatformNotSupportedException)
        {
            return false; // Windows without the right to make links, or a file system without any
        }
    }

    private string Reference(string revision) => Path.Combine([_home, "refs", .. revision.Split('/')]);

    private static string FolderOf(string name) => "models--" + name.Replace("/", "--", StringComparison.Ordinal);
}
