using Decant.Torch.Interop;

namespace Decant.Torch;

/// <summary>
/// A tensor of libtorch: one owned reference, released by <see cref="Dispose"/> or by the <see cref="TensorScope"/> it was made in.
/// </summary>
/// <remarks>
/// There is no finalizer. A tensor made while a scope is open belongs to that scope; one made outside of any scope belongs to the caller.
/// Operators stand in small files by family; each passes through one place, where live tensors and bytes are counted.
/// Unless it says otherwise an operator gives a new tensor, lets the gradient flow, broadcasts its arguments (sizes are aligned at the last
/// dimension and must be equal or 1), promotes unlike dtypes as PyTorch does, counts negative dimensions from the end, and throws a
/// <see cref="TorchException"/> for shapes, dtypes, devices or indices that libtorch does not accept.
/// A tensor may be disposed while another thread calls an operator on it: the memory goes when that call is over.
/// Writing to one tensor from two threads at once is undefined, as everywhere.
/// </remarks>
public sealed partial class Tensor : IDisposable, IBorrowable
{
    private static long s_live;
    private static long s_liveBytes;

    private readonly long _bytes;
    private readonly nint _handle;
    private TensorScope? _scope;
    private long[]? _shape;
    private int _uses = 1; // the owner's, and one for every call that reads the handle now
    private int _disposed;

    internal Tensor(nint handle, long bytes)
    {
        _handle = handle;
        _bytes = bytes;
        Interlocked.Increment(ref s_live);
        Interlocked.Add(ref s_liveBytes, bytes);
        ShapesOnly.Count(bytes);
        TensorScope.Current?.Add(this);
    }

    /// <summary>How many tensors are alive in the process: handles, not storages.</summary>
    public static long LiveCount => Interlocked.Read(ref s_live);

    /// <summary>The bytes that the elements of all live tensors span; views of one storage count once each.</summary>
    public static long LiveBytes => Interlocked.Read(ref s_liveBytes);

    /// <summary>Whether <see cref="Dispose"/> has run.</summary>
    public bool IsDisposed => Volatile.Read(ref _disposed) != 0;

    /// <summary>The size of every dimension. Do not change the array.</summary>
    public long[] Shape => _shape ??= TensorMemory.Sizes(this);

    /// <summary>The number of dimensions.</summary>
    public int Dimensions => Shape.Length;

    /// <summary>The number of elements.</summary>
    public long ElementCount
    {
        get
        {
            var count = 1L;
            foreach (var size in Shape)
                count *= size;
            return count;
        }
    }

    /// <summary>The type of the elements.</summary>
    public DType DType => (DType)TensorMemory.Describe(this).Dtype;

    /// <summary>Where the elements are.</summary>
    public Device Device
    {
        get
        {
            var info = TensorMemory.Describe(this);
            return new Device((DeviceKind)info.DeviceType, info.DeviceIndex);
        }
    }

    /// <summary>Whether the elements lie one after the other in row-major order.</summary>
    public bool IsContiguous => TensorMemory.Describe(this).Contiguous != 0;

    internal int ScopeSlot { get; set; } = -1;

    internal TensorScope? Scope
    {
        get => Volatile.Read(ref _scope);
        set => Volatile.Write(ref _scope, value);
    }

    /// <summary>The size of one dimension; negative numbers count from the end.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The tensor has no such dimension.</exception>
    public long Size(int dimension)
    {
        var shape = Shape;
        var position = dimension < 0 ? dimension + shape.Length : dimension;
        if ((uint)position >= (uint)shape.Length)
            throw new ArgumentOutOfRangeException(nameof(dimension), dimension, $"{this} has {shape.Length} dimensions.");
        return shape[position];
    }

    /// <summary>
    /// Releases the reference. Memory is freed when no other reference (a view, the autograd graph) holds it. May be called twice, and from any thread.
    /// </summary>
    public void Dispose()
    {
        Scope?.Remove(this);
        Release();
    }

    /// <summary>Dtype, shape, and the device if it is not the CPU: <c>float32[2, 3] cuda:0</c>.</summary>
    public override string ToString()
    {
        if (IsDisposed)
            return "disposed tensor";
        var device = Device;
        return $"{DType.ToString().ToLowerInvariant()}[{string.Join(", ", Shape)}]{(device.Kind == DeviceKind.Cpu ? "" : " " + device)}";
    }

    /// <inheritdoc/>
    nint IBorrowable.Borrow()
    {
        var uses = Volatile.Read(ref _uses);
        while (uses > 0 && !IsDisposed)
        {
            var seen = Interlocked.CompareExchange(ref _uses, uses + 1, uses);
            if (seen == uses)
                return _handle;
            uses = seen;
        }

        throw new ObjectDisposedException(
            nameof(Tensor), "The tensor is disposed: by Dispose, or with the TensorScope that it was made in. What must outlive a scope is handed out with Keep.");
    }

    /// <inheritdoc/>
    void IBorrowable.Return() => EndUse();

    private void EndUse()
    {
        if (Interlocked.Decrement(ref _uses) != 0)
            return;
        TensorMemory.Release(_handle);
        Interlocked.Decrement(ref s_live);
        Interlocked.Add(ref s_liveBytes, -_bytes);
    }

    /// <summary>Gives the owner's reference up without notifying the scope.</summary>
    internal void Release()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 0)
            EndUse();
    }

    /// <summary>Hands the reference over to the bridge: the tensor is disposed here, and lives on there.</summary>
    /// <exception cref="InvalidOperationException">A call uses it now.</exception>
    internal nint Give()
    {
        Scope?.Remove(this);
        if (Interlocked.Exchange(ref _disposed, 1) != 0 || Interlocked.Decrement(ref _uses) != 0)
            throw new InvalidOperationException("The tensor is in use or disposed: it cannot be handed over.");
        Interlocked.Decrement(ref s_live);
        Interlocked.Add(ref s_liveBytes, -_bytes);
        return _handle;
    }

    /// <summary>The shape is read anew after an operator changed it in place.</summary>
    internal void ForgetShape() => _shape = null;
}
