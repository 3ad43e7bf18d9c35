namespace Decant.Runs.Reports.Record;

/// <summary>A model that a recipe names by its address is being fetched. Sent while it goes on, before there is a run; not recorded.</summary>
internal sealed record ModelDownload : RunEvent
{
    /// <summary>The address, such as <c>hf:ORG/NAME</c>.</summary>
    public required string Source { get; init; }

    /// <summary>The file that comes in.</summary>
    public string File { get; init; } = "";

    /// <summary>Bytes that are here.</summary>
    public long Bytes { get; init; }

    /// <summary>Bytes of all files; 0: unknown.</summary>
    public long Total { get; init; }

    /// <summary>Bytes that came over the net just now; 0: all was here.</summary>
    public long Received { get; init; }

    /// <summary>Why nothing comes in for a while; null: it goes on.</summary>
    public string? Waiting { get; init; }

    /// <summary>Whether all is here.</summary>
    public bool IsComplete { get; init; }
}
