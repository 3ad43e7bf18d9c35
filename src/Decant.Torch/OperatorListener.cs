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

    /// <summary>Whether one of a kind listens to this flow of control.</summary>
    protected static bool Listens<T>() where T : OperatorListener
    {
        if (!IsAnyOpen)
            return false;
        for (var listener = s_current.Value; listener is not null; listener = listener._outer)
        {
            if (listener is T)
                return true;
        }

        return false;
    }

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

    /// <summary>An operator has given its results.</summary>
    public static void NotifyResult(Operator op, ReadOnlySpan<Arg> arguments, params ReadOnlySpan<Tensor?> results)
    {
        for (var listener = s_current.Value; listener is not null; listener = listener._outer)
            listener.OnResult(op, arguments, results);
    }

    /// <summary>Several operators that are one to whoever records a program begin.</summary>
    public static void NotifyCompositeBegin(string name, ReadOnlySpan<Arg> arguments)
    {
        for (var listener = s_current.Value; listener is not null; listener = listener._outer)
            listener.OnCompositeBegin(name, arguments);
    }

    /// <summary>They have given their results.</summary>
    public static void NotifyCompositeEnd(ReadOnlySpan<Tensor?> results)
    {
        for (var listener = s_current.Value; listener is not null; listener = listener._outer)
            listener.OnCompositeEnd(results);
    }

    /// <summary>A part of the program, as a module is, has come to its end.</summary>
    public static void NotifyEnd(object place)
    {
        for (var listener = s_current.Value; listener is not null; listener = listener._outer)
            listener.OnEnd(place);
    }

    /// <summary>Numbers are about to be read out of a tensor, which waits for its device.</summary>
    public static void NotifyRead()
    {
        for (var listener = s_current.Value; listener is not null; listener = listener._outer)
            listener.OnRead();
    }

    /// <summary>Managed code is about to get at the memory of a tensor, to read it or to write to it.</summary>
    public static void NotifyAccess(Tensor tensor)
    {
        for (var listener = s_current.Value; listener is not null; listener = listener._outer)
            listener.OnAccess(tensor);
    }

    /// <summary>A tensor is about to be copied to another device, by a call that waits for it.</summary>
    public static void NotifyTransfer()
    {
        for (var listener = s_current.Value; listener is not null; listener = listener._outer)
            listener.OnTransfer();
    }

    /// <summary>Managed code is about to get at the memory of a tensor.</summary>
    protected virtual void OnAccess(Tensor tensor)
    {
    }

    /// <summary>An operator is about to be called.</summary>
    protected virtual void OnCall(Operator op, ReadOnlySpan<Arg> arguments)
    {
    }

    /// <summary>An operator has given its results; one that writes in place gives none.</summary>
    protected virtual void OnResult(Operator op, ReadOnlySpan<Arg> arguments, ReadOnlySpan<Tensor?> results)
    {
    }

    /// <summary>Several operators that are one begin; they are notified as well.</summary>
    protected virtual void OnCompositeBegin(string name, ReadOnlySpan<Arg> arguments)
    {
    }

    /// <summary>They have given their results.</summary>
    protected virtual void OnCompositeEnd(ReadOnlySpan<Tensor?> results)
    {
    }

    /// <summary>A part of the program has come to its end.</summary>
    protected virtual void OnEnd(object place)
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
