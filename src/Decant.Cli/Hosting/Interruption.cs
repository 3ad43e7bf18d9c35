using System.Runtime.InteropServices;

namespace Decant.Cli.Hosting;

/// <summary>
/// Ctrl+C, and the TERM of a scheduler or of a machine that is taken away: the first asks the work to stop and says so, the second ends the process at once.
/// After TERM the process is gone in five seconds, whatever the work does.
/// </summary>
internal sealed class Interruption : IDisposable
{
    /// <summary>How long the work has after TERM. Who sends it kills soon after, and five seconds are the least that is usual.</summary>
    public static readonly TimeSpan Grace = TimeSpan.FromSeconds(4.5);

    private readonly CancellationTokenSource _stop = new();
    private readonly Action<int> _end;
    private readonly TimeProvider _clock;
    private readonly List<PosixSignalRegistration> _signals = [];
    private ITimer? _deadline;
    private int _count;
    private volatile bool _isOver;

    /// <summary>An interruption that nobody has asked for yet.</summary>
    /// <param name="tell">Where the first is reported.</param>
    /// <param name="end">Ends the process with an exit code.</param>
    /// <param name="clock">The clock; the system's when null.</param>
    public Interruption(Action<string> tell, Action<int> end, TimeProvider? clock = null) => (Tell, _end, _clock) = (tell, end, clock ?? TimeProvider.System);

    /// <summary>Where the first is reported; a live display puts itself here while it owns the screen.</summary>
    public Action<string> Tell { get; set; }

    /// <summary>The command that goes on with the run; null before there is one.</summary>
    public string? GoOn { get; set; }

    /// <summary>The exit code of work that was stopped: by which signal.</summary>
    public int ExitCode { get; private set; } = ExitCodes.Interrupted;

    /// <summary>Is cancelled by the first.</summary>
    public CancellationToken Token => _stop.Token;

    /// <summary>Takes the process's signals from now on.</summary>
    public void Listen()
    {
        if (_signals.Count > 0) return; // a second registration would take one press for two
        Listen(PosixSignal.SIGINT, ExitCodes.Interrupted);
        Listen(PosixSignal.SIGTERM, ExitCodes.Terminated);
    }

    /// <summary>One press, or one signal.</summary>
    /// <param name="exitCode">What the process ends with.</param>
    public void Request(int exitCode = ExitCodes.Interrupted)
    {
        if (Interlocked.Increment(ref _count) > 1)
        {
            _end(exitCode);
            return;
        }

        ExitCode = exitCode;
        // Only where a run has begun there is something to keep.
        Tell(exitCode == ExitCodes.Terminated
            ? $"Asked to end (SIGTERM): stopping after the current step, in five seconds at the latest{(GoOn is null ? "" : "; what was trained so far is kept")}."
            : $"Stopping after the current step{(GoOn is null ? ". Ctrl+C again ends at once" : "; what was trained so far is kept. Ctrl+C again ends at once and keeps the last checkpoint only")}.");
        if (exitCode == ExitCodes.Terminated)
            _deadline = _clock.CreateTimer(_ => End(), null, Grace, Timeout.InfiniteTimeSpan);
        _stop.Cancel();
    }

    public void Dispose()
    {
        // The deadline stays: what a process does to end may hang too.
        _isOver = true;
        GC.KeepAlive(_deadline);
        foreach (var signal in _signals) signal.Dispose();
        _stop.Dispose();
    }

    private void End()
    {
        if (!_isOver) Tell(GoOn is null
            ? "Ended: the work did not stop in time. Nothing had been trained, so there was nothing to keep."
            : $"Ended: the work did not stop in time, so the last checkpoint is what is kept. To resume: {GoOn}");
        _end(ExitCodes.Terminated);
    }

    private void Listen(PosixSignal signal, int exitCode) => _signals.Add(PosixSignalRegistration.Create(signal, context =>
    {
        context.Cancel = true;
        Request(exitCode);
    }));
}
