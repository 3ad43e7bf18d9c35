namespace Decant.Hub;

/// <summary>A model that was fetched, or had been before.</summary>
/// <param name="Folder">Where it lies on this machine: a folder with its files.</param>
/// <param name="Exact">The address that names these very files, such as <c>hf:acme/minilm@2439f60…</c>: the same today and in a year.</param>
/// <param name="Files">Its files that are there, as paths in the folder with '/'.</param>
internal sealed record FetchedModel(string Folder, string Exact, IReadOnlyList<string> Files)
{
    /// <summary>What the user should know of how it was fetched, such as that the hub was not reached; null: nothing.</summary>
    public string? Remark { get; init; }

    /// <summary>Whether its folder was made now, of what came or was here in another form.</summary>
    public bool IsMade { get; init; }

    /// <summary>The bytes that came over the net; 0: all was here.</summary>
    public long Downloaded { get; init; }
}
