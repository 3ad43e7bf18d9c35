using Decant.Reports;

namespace Decant.Tests.Jobs;

/// <summary>Sees every event of a run.</summary>
internal sealed class Watcher(Action<RunEvent> see) : IProgress<RunEvent>
{
    public void Report(RunEvent value) => see(value);
}
