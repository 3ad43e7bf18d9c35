namespace Decant.Runs.Jobs.Fetching;

/// <summary>A model that <c>decant get</c> fetched.</summary>
/// <param name="Address">The address that names these very files.</param>
/// <param name="Folder">Where it lies.</param>
/// <param name="Files">Its files, each with its bytes.</param>
/// <param name="Downloaded">The bytes that came over the net; 0: all was here.</param>
/// <param name="Summary">What kind of model it is; null: unknown, for it was not fetched as a whole.</param>
/// <param name="Remark">What the user should know of how it was fetched; null: nothing.</param>
internal sealed record GotModel(string Address, string Folder, IReadOnlyList<(string Path, long Bytes)> Files, long Downloaded, string? Summary, string? Remark)
{
    /// <summary>Whether its folder was made now, of what came or was here in another form.</summary>
    public bool IsMade { get; init; }

    /// <summary>Whether it reads texts, and has no tokenizer to do it with.</summary>
    public bool LacksTokenizer { get; init; }
}
