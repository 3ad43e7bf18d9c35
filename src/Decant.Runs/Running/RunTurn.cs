namespace Decant.Runs.Running;

/// <summary>One run at a time in a process: libtorch has one default generator and one number of threads, which a run sets for itself.</summary>
internal sealed class RunTurn : IDisposable
{
    private static readonly SemaphoreSlim s_turn = new(1, 1);
    private static int s_holder; // the thread that runs; 0: none

    private RunTurn()
    {
    }

    /// <summary>Waits until no other run of the process goes on.</summary>
    /// <exception cref="OperationCanceledException">Cancelled while it waited.</exception>
    public static RunTurn Take(CancellationToken cancellationToken)
    {
        if (Volatile.Read(ref s_holder) == Environment.CurrentManagedThreadId)
            throw new DecantException("A run was started while another one runs on the same thread, such as from what it reports its progress to: start it when that one is done.");
        // One that is free is taken even by a run that is to stop: it says itself what it was at.
        if (!s_turn.Wait(0, CancellationToken.None))
            s_turn.Wait(cancellationToken);
        Volatile.Write(ref s_holder, Environment.CurrentManagedThreadId);
        return new RunTurn();
    }

    public void Dispose()
    {
        Volatile.Write(ref s_holder, 0);
        s_turn.Release();
    }
}
