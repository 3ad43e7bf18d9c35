namespace Decant.Torch.Interop;

/// <summary>Owns a handle of the bridge: a tensor or a generator.</summary>
internal interface IBorrowable
{
    /// <summary>The handle, which stays valid until <see cref="Return"/> even if its owner is disposed meanwhile.</summary>
    /// <exception cref="ObjectDisposedException">It is disposed already.</exception>
    nint Borrow();

    /// <summary>Ends what <see cref="Borrow"/> began.</summary>
    void Return();
}
