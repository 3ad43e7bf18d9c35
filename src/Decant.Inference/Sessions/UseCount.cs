namespace Decant.Inference.Sessions;

/// <summary>Releases something that several threads use exactly once: when its owner has closed it and the last use has ended. Nothing begins after it was closed.</summary>
/// <param name="release">Releases it.</param>
internal sealed class UseCount(Action release)
{
    private int _uses = 1; // the owner's; once at 0 it stays there
    private int _isClosed;

    /// <summary>Begins a use, to be ended with <see cref="End"/>; false: it is closed, and there is nothing to end.</summary>
    public bool TryBegin()
    {
        var uses = Volatile.Read(ref _uses);
        while (uses > 0 && Volatile.Read(ref _isClosed) == 0)
        {
            var seen = Interlocked.CompareExchange(ref _uses, uses + 1, uses);
            if (seen == uses)
                return true;
            uses = seen;
        }

        return false;
    }

    /// <summary>Ends a use that had begun.</summary>
    public void End()
    {
        if (Interlocked.Decrement(ref _uses) == 0)
            release();
    }

    /// <summary>The owner gives it up; again: nothing.</summary>
    public void Close()
    {
        if (Interlocked.Exchange(ref _isClosed, 1) == 0)
            End();
    }
}
