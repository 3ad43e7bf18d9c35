namespace Decant.Data.Tokens;

/// <summary>How a token file is built.</summary>
internal sealed record TokenFileOptions
{
    /// <summary>How many threads encode; default: as many as there are cores. The file is the same for any number.</summary>
    public int Threads { get; init; } = Environment.ProcessorCount;

    /// <summary>Gets a notice of what happens to the file: that a damaged one is built anew, that documents had no tokens; null: no notices.</summary>
    public Action<string>? Notice { get; init; }

    /// <summary>Gets the progress of the building; null: no reports.</summary>
    public IProgress<TokenFileProgress>? Progress { get; init; }
}

/// <summary>How far the building of a token file is.</summary>
/// <param name="Documents">Documents written.</param>
/// <param name="OfDocuments">Documents in all.</param>
/// <param name="Tokens">Tokens written.</param>
/// <param name="Bytes">Bytes of UTF-8 that they encode.</param>
internal readonly record struct TokenFileProgress(long Documents, long OfDocuments, long Tokens, long Bytes);
