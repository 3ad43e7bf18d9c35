namespace Decant.Hub.HuggingFace;

/// <summary>Counts what has come of all files together, and tells it.</summary>
/// <param name="source">The model's address.</param>
/// <param name="progress">Who is told; null: nobody.</param>
internal sealed class DownloadMeter(string source, IProgress<FetchProgress>? progress)
{
    private string _file = "";
    private long _done; // of files that are whole
    private long _part; // of the one that comes in

    /// <summary>The bytes that are fetched in all.</summary>
    public long Total { get; set; }

    /// <summary>The bytes that came over the net.</summary>
    public long Received { get; private set; }

    /// <summary>A file begins.</summary>
    /// <param name="file">Its path.</param>
    public void Begin(string file)
    {
        (_file, _part) = (file, 0);
        Tell(null);
    }

    /// <summary>Some of the file has come, or is here from an earlier attempt.</summary>
    /// <param name="part">Its bytes that are here.</param>
    /// <param name="received">Those of them that have just come.</param>
    public void At(long part, int received)
    {
        _part = part;
        Received += received;
        Tell(null);
    }

    /// <summary>The file is here.</summary>
    /// <param name="size">Its bytes.</param>
    public void End(long size)
    {
        (_done, _part) = (_done + size, 0);
        Tell(null);
    }

    /// <summary>Nothing comes in for a while.</summary>
    /// <param name="why">Why; null: it goes on.</param>
    public void Tell(string? why) => progress?.Report(new FetchProgress(source, _file, _done + _part, Total) { Waiting = why, Received = Received });

    /// <summary>All is here.</summary>
    public void Finish() => progress?.Report(new FetchProgress(source, "", _done, Total) { IsComplete = true, Received = Received });
}
