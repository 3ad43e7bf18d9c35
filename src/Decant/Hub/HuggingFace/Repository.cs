using System.Text.Json;
using Decant.Files;

namespace Decant.Hub.HuggingFace;

/// <summary>A repository at one commit.</summary>
/// <param name="Commit">The commit, 40 hexadecimal digits.</param>
/// <param name="Files">Its files.</param>
internal sealed record Repository(string Commit, IReadOnlyList<RepositoryFile> Files)
{
    private const int CommitDigits = 40;

    /// <summary>Whether a revision is a commit in full, which always names the same files.</summary>
    public static bool IsCommit(string revision) => revision.Length == CommitDigits && revision.All(char.IsAsciiHexDigitLower);

    /// <summary>Reads what the hub says of a repository.</summary>
    /// <param name="json">The answer to <c>GET /api/models/…/revision/…?blobs=true</c>.</param>
    /// <exception cref="DecantException">It is none: what is wrong with it. The message goes on a sentence about the answer.</exception>
    public static Repository Read(ReadOnlySpan<byte> json)
    {
        try
        {
            JsonContent.Require(json);
            using var document = JsonDocument.Parse(json.ToArray());
            var root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object || Text(root, "sha") is not { } commit || !IsCommit(commit))
                throw new DecantException("it has no commit ('sha', 40 hexadecimal digits)");
            if (!root.TryGetProperty("siblings", out var files) || files.ValueKind != JsonValueKind.Array)
                throw new DecantException("it lists no files ('siblings')");
            return new Repository(commit, [.. files.EnumerateArray().Select(File)]);
        }
        catch (JsonException error)
        {
            throw new DecantException($"it is no JSON ({error.Message})", inner: error);
        }
    }

    private static RepositoryFile File(JsonElement file)
    {
        var path = file.ValueKind == JsonValueKind.Object ? Text(file, "rfilename") : null;
        if (path is null || !RepositoryFile.IsSafe(path))
            throw new DecantException($"it names a file '{HubText.Foreign(path ?? "")}', which could be written outside of the cache; nothing was fetched");
        var large = file.TryGetProperty("lfs", out var lfs) && lfs.ValueKind == JsonValueKind.Object ? lfs : default;
        return large.ValueKind == JsonValueKind.Object
            ? new RepositoryFile(path, Number(large, "size") ?? Number(file, "size"), ContentHash.Of(Text(large, "sha256") ?? Text(large, "oid")))
            : new RepositoryFile(path, Number(file, "size"), ContentHash.Of(Text(file, "blobId")));
    }

    private static string? Text(JsonElement of, string key) => of.TryGetProperty(key, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static long? Number(JsonElement of, string key) => of.TryGetProperty(key, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var number) && number >= 0 ? number : null;
}
