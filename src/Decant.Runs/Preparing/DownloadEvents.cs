using Decant.Hub;
using Decant.Runs.Reports.Record;

namespace Decant.Runs.Preparing;

/// <summary>Tells a download to those who watch a run.</summary>
/// <param name="progress">They.</param>
internal sealed class DownloadEvents(IProgress<RunEvent> progress) : IProgress<FetchProgress>
{
    public void Report(FetchProgress value) => progress.Report(new ModelDownload
    {
        Source = value.Source,
        File = value.File,
        Bytes = value.Bytes,
        Total = value.Total,
        Received = value.Received,
        Waiting = value.Waiting,
        IsComplete = value.IsComplete,
    });
}
