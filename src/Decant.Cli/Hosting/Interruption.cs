using System.Runtime.InteropServices;

namespace Decant.Cli;

/// <summary>Ctrl+C (and a scheduler's TERM): the first asks the work to stop and says so, the second ends the process at once.</summary>
internal sealed class Interruption : IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly Action<int> _end;
    private readonly List<PosixSignalRegistration> _signals = [];
    private int _count;

    /// <summary>An interruption that nobody has asked for yet.</summary>
    /// <param name="tell">Where the first is told.</param>
    /// <param name="end">Ends the process with an exit code.</param>
    public Interruption(Action<string> tell, Action<int> end) => (Tell, _end) = (tell, end);

    /// <summary>Where the first is told; a live display puts itself here while it owns the screen.</summary>
    public Action<string> Tell { get; set; }

    /// <summary>Is cancelled by the first.</summary>
    public CancellationToken Token => _stop.Token;

    /// <summary>Takes the process's signals from now on.</summary>
    public void Listen()
    {
        foreach (var signal in new[] { PosixSignal.SIGINT, PosixSignal.SIGTERM })
        {
            _signals.Add(PosixSignalRegistration.Create(signal, context =>
            {
                context.Cancel = true;
                Request();
            }));
        }
    }

    /// <summary>One press.</summary>
    public void Request()
    {
        if (Interlocked.Increment(ref _count) > 1)
        {
            _end(ExitCodes.Interrupted);
            return;
        }

        Tell("Stopping after the current step; what was trained so far is kept. Ctrl+C again ends at once and keeps nothing of it.");
        _stop.Cancel();
    }

    public void Dispose()
    {
        foreach (var signal in _signals) signal.Dispose();
        _stop.Dispose();
    }
}
