namespace Decant.Hub;

/// <summary>How far a download has come.</summary>
/// <param name="Source">The model's address.</param>
/// <param name="File">The file that comes in now.</param>
/// <param name="Bytes">The bytes of all files that are here, those of earlier attempts included.</param>
/// <param name="Total">The bytes of all files that are fetched; 0: unknown.</param>
internal sealed record FetchProgress(string Source, string File, long Bytes, long Total)
{
    /// <summary>Why nothing comes in for a while, such as "the connection was cut; again in 2 s"; null: it goes on.</summary>
    public string? Waiting { get; init; }

    /// <summary>The bytes that came over the net just now; 0: all was here.</summary>
    public long Received { get; init; }

    /// <summary>Whether all is here.</summary>
    public bool IsComplete { get; init; }
}
