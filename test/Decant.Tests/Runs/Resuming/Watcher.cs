using Decant.Runs.Reports.Record;

namespace Decant.Tests.Runs.Resuming;

/// <summary>Sees every event of a run.</summary>
internal sealed class Watcher(Action<RunEvent> see) : IProgress<RunEvent>
{
    public void Report(RunEvent value) => see(value);
}
