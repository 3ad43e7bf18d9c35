namespace Decant.Torch;

/// <summary>While it is open, tensors that are made have a shape and a type but no memory: they are on <see cref="DeviceKind.Meta"/>, for any requested device.</summary>
/// <remarks>
/// What a model is made of, and what it would need, is found so without allocating it. Elements cannot be read. It flows with the caller across <c>await</c>,
/// as a <see cref="TensorScope"/> does; the two do not replace each other.
/// </remarks>
internal sealed class ShapesOnly : IDisposable
{
    private static readonly AsyncLocal<ShapesOnly?> s_current = new();
    private static int s_open;

    private readonly ShapesOnly? _outer = s_current.Value;
    private long _bytes;
    private int _disposed;

    private ShapesOnly()
    {
    }

    /// <summary>Whether tensors that are made here have no memory.</summary>
    public static bool IsOpen => Volatile.Read(ref s_open) > 0 && s_current.Value is not null;

    /// <summary>The bytes that all tensors made since it was opened would have, views counted as if they were copies.</summary>
    public long Bytes => Interlocked.Read(ref _bytes);

    /// <summary>Begins; ends when disposed.</summary>
    public static ShapesOnly Open()
    {
        var scope = new ShapesOnly();
        Interlocked.Increment(ref s_open);
        s_current.Value = scope;
        return scope;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
            return;
        Interlocked.Decrement(ref s_open);
        s_current.Value = _outer;
    }

    /// <summary>Counts a tensor that was made.</summary>
    internal static void Count(long bytes)
    {
        if (Volatile.Read(ref s_open) > 0 && s_current.Value is { } scope)
            Interlocked.Add(ref scope._bytes, bytes);
    }

    /// <summary>The device that a new tensor is put on.</summary>
    internal static Device Place(Device asked) => IsOpen ? new Device(DeviceKind.Meta) : asked;
}
