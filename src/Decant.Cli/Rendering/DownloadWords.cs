using System.Globalization;
using Decant.Runs.Reports.Record;
using Decant.Runs.Reports.View;

namespace Decant.Cli.Rendering;

/// <summary>A download in words; the pace is that since it began.</summary>
/// <param name="clock">The clock.</param>
internal sealed class DownloadWords(TimeProvider clock)
{
    private const double SoonestPace = 0.5; // seconds until a pace means something
    private const long LeastBytes = 1_000_000; // small files come before the weights, at another pace
    private readonly long _begin = clock.GetTimestamp();
    private (long Time, long Bytes)? _first; // when bytes began to come

    /// <summary>The share that is here.</summary>
    public static double Share(ModelDownload at) => at.Total == 0 ? 0 : Math.Clamp((double)at.Bytes / at.Total, 0, 1);

    /// <summary>A number of bytes.</summary>
    public static string Bytes(long bytes) => Words.Bytes(bytes).Replace('\u00a0', ' ').Replace('\u202f', ' ');

    /// <summary>Takes note of how far it is; to be called with all that is told.</summary>
    public void See(ModelDownload at)
    {
        if (at.Received > 0) _first ??= (clock.GetTimestamp(), at.Received);
    }

    /// <summary>Bytes, share, pace, time to go; or why nothing comes.</summary>
    public string Pace(ModelDownload at)
    {
        if (at.Waiting is { } waiting) return at.Bytes > 0 ? $"{Amount(at)}, {waiting}" : waiting;
        if (_first is not { } first || clock.GetElapsedTime(first.Time).TotalSeconds is not (>= SoonestPace and var seconds) || at.Received - first.Bytes < LeastBytes) return Amount(at);
        var pace = (at.Received - first.Bytes) / seconds;
        return $"{Amount(at)}, {Bytes((long)pace)}/s{ProgressWords.Left((at.Total - at.Bytes) / pace)}";
    }

    /// <summary>Its end: <c>hf:acme/minilm: 91.0 MB downloaded in 8 s</c>.</summary>
    public string End(ModelDownload at) => $"{at.Source}: {Bytes(at.Received)} downloaded in {ProgressWords.Duration(clock.GetElapsedTime(_begin).TotalSeconds)}";

    private static string Amount(ModelDownload at) => string.Create(CultureInfo.InvariantCulture, $"{Bytes(at.Bytes)} of {Bytes(at.Total)}, {ProgressWords.Percent(Share(at))}");
}
