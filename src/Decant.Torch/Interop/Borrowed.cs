namespace Decant.Torch.Interop;

/// <summary>The handles of some tensors, valid until disposed even if another thread disposes the tensors meanwhile.</summary>
internal unsafe ref struct Borrowed
{
    private readonly ReadOnlySpan<IBorrowable?> _tensors;
    private readonly nint* _room;
    private int _held;

    /// <summary>Borrows all, or none if one of them is disposed.</summary>
    /// <param name="tensors">The tensors; null leaves a handle of 0.</param>
    /// <param name="room">Where the handles go, as many as there are tensors.</param>
    public Borrowed(ReadOnlySpan<IBorrowable?> tensors, nint* room)
    {
        _tensors = tensors;
        _room = room;
        try
        {
            for (; _held < tensors.Length; _held++)
                room[_held] = tensors[_held]?.Borrow() ?? 0;
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>The first handle, or null if there are none.</summary>
    public readonly nint* Handles => _tensors.IsEmpty ? null : _room;

    /// <summary>Gives back what was borrowed.</summary>
    public void Dispose()
    {
        while (_held > 0)
            _tensors[--_held]?.Return();
    }
}
