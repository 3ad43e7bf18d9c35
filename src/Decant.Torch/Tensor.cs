using Decant.Torch.Interop;

namespace Decant.Torch;

/// <summary>A tensor of libtorch: one owned reference, released by <see cref="Dispose"/> or by the <see cref="TensorScope"/> it was made in.</summary>
/// <remarks>
/// There is no finalizer. A tensor made while a scope is open belongs to that scope; one made outside of any scope belongs to the caller.
/// Operators stand in small files by family; each passes through one place, where live tensors and bytes are counted.
/// </remarks>
public sealed partial class Tensor : IDisposable
{
    private static long s_live;
    private static long s_liveBytes;

    private readonly long _bytes;
    private nint _handle;
    private TensorScope? _scope;
    private long[]? _shape;

    internal Tensor(nint handle, long bytes)
    {
        _handle = handle;
        _bytes = bytes;
        Interlocked.Increment(ref s_live);
        Interlocked.Add(ref s_liveBytes, bytes);
        TensorScope.Current?.Add(this);
    }

    /// <summary>How many tensors are alive in the process: handles, not storages.</summary>
    public static long LiveCount => Interlocked.Read(ref s_live);

    /// <summary>The bytes that the elements of all live tensors span; views of one storage count once each.</summary>
    public static long LiveBytes => Interlocked.Read(ref s_liveBytes);

    /// <summary>Whether <see cref="Dispose"/> has run.</summary>
    public bool IsDisposed => _handle == 0;

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

    internal nint Handle
    {
        get
        {
            ObjectDisposedException.ThrowIf(_handle == 0, this);
            return _handle;
        }
    }

    internal int ScopeSlot { get; set; } = -1;

    internal TensorScope? Scope
    {
        get => _scope;
        set => _scope = value;
    }

    /// <summary>The size of one dimension; negative numbers count from the end.</summary>
    public long Size(int dimension) => Shape[dimension < 0 ? dimension + Shape.Length : dimension];

    /// <summary>Releases the reference. Memory goes when nobody else (a view, the autograd graph) holds it. May be called twice.</summary>
    public void Dispose()
    {
        var scope = _scope;
        scope?.Remove(this);
        Release();
    }

    /// <inheritdoc/>
    public override string ToString() =>
        IsDisposed ? "disposed tensor" : $"{DType.ToString().ToLowerInvariant()}[{string.Join(", ", Shape)}]{(Device.Kind == DeviceKind.Cpu ? "" : " " + Device)}";

    /// <summary>Releases the native reference without telling the scope.</summary>
    internal void Release()
    {
        var handle = Interlocked.Exchange(ref _handle, 0);
        if (handle == 0)
            return;
        TensorMemory.Release(handle);
        Interlocked.Decrement(ref s_live);
        Interlocked.Add(ref s_liveBytes, -_bytes);
    }

    /// <summary>The shape is read anew after an operator changed it in place.</summary>
    internal void ForgetShape() => _shape = null;
}
