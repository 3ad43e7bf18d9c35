namespace Decant.Hub.HuggingFace;

/// <summary>A file of a repository at one commit, as the hub describes it.</summary>
/// <param name="Path">Its path in the repository, with '/'.</param>
/// <param name="Size">Its bytes; null: the listing does not say.</param>
/// <param name="Hash">What its content hashes to, which is also the name that it has in the cache; null: the listing does not say.</param>
internal sealed record RepositoryFile(string Path, long? Size, ContentHash? Hash)
{
    private const int LongestPath = 1024;

    /// <summary>Whether a path stays in the folder that it is put in, on every system.</summary>
    /// <param name="path">What a server sent.</param>
    public static bool IsSafe(string path) =>
        path.Length is > 0 and <= LongestPath && !path.Any(c => char.IsControl(c) || c is '\\' or ':' or '*' or '?' or '"' or '<' or '>' or '|')
        && Array.TrueForAll(path.Split('/'), part => part.Length > 0 && part is not ("." or "..") && !part.EndsWith('.') && !part.EndsWith(' '));
}
