namespace Decant.Torch;

/// <summary>Is notified of every operator that is called from managed code while it is open, and of what is read out of tensors.</summary>
/// <remarks>
/// It flows with the caller, as <see cref="ShapesOnly"/> does; other threads' calls are theirs. Where none is open in the process, an operator call costs one
/// comparison more.
/// </remarks>
internal abstract class OperatorListener : IDisposable
{
    private static readonly AsyncLocal<OperatorListener?> s_current = new();
    private static int s_open;

    private readonly OperatorListener? _outer;
    private int _disposed;

    /// <summary>Begins to listen; ends when disposed.</summary>
    protected OperatorListener()
    {
        _outer = s_current.Value;
        s_current.Value = this;
        Interlocked.Increment(ref s_open);
    }

    /// <summary>Whether any is open in the process.</summary>
    public static bool IsAnyOpen => Volatile.Read(ref s_open) > 0;

    /// <inheritdoc/>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
            return;
        Interlocked.Decrement(ref s_open);
        s_current.Value = _outer;
    }

    /// <summary>An operator is about to be called.</summary>
    public static void NotifyCall(Operator op, ReadOnlySpan<Arg> arguments)
    {
        for (var listener = s_current.Value; listener is not null; listener = listener._outer)
            listener.OnCall(op, arguments);
    }

    /// <summary>Numbers are about to be read out of a tensor, which waits for its device.</summary>
    public static void NotifyRead()
    {
        for (var listener = s_current.Value; listener is not null; listener = listener._outer)
            listener.OnRead();
    }

    /// <summary>A tensor is about to be copied to another device, by a call that waits for it.</summary>
    public static void NotifyTransfer()
    {
        for (var listener = s_current.Value; listener is not null; listener = listener._outer)
            listener.OnTransfer();
    }

    /// <summary>An operator is about to be called.</summary>
    protected virtual void OnCall(Operator op, ReadOnlySpan<Arg> arguments)
    {
    }

    /// <summary>Numbers are about to be read.</summary>
    protected virtual void OnRead()
    {
    }

    /// <summary>A tensor is about to be copied to another device.</summary>
    protected virtual void OnTransfer()
    {
    }
}
