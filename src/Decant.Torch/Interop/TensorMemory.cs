using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Decant.Torch.Interop;

/// <summary>What touches the memory of tensors: describing, viewing, copying, releasing.</summary>
internal static unsafe class TensorMemory
{
    private const int MaxDimensions = 64;

    public static void Release(nint handle) => Native.Api->TensorRelease(handle);

    public static NativeTensorInfo Describe(Tensor tensor)
    {
        NativeTensorInfo info;
        Native.Check(Native.Api->TensorDescribe(tensor.Handle, &info), "describing a tensor");
        GC.KeepAlive(tensor);
        return info;
    }

    public static long[] Sizes(Tensor tensor)
    {
        var sizes = new long[Describe(tensor).Dimensions];
        fixed (long* s = sizes)
            Native.Check(Native.Api->TensorSizes(tensor.Handle, s, null, MaxDimensions), "reading a tensor's shape");
        GC.KeepAlive(tensor);
        return sizes;
    }

    /// <summary>The elements of a contiguous CPU tensor, in place. Valid while the tensor lives.</summary>
    public static Span<T> Span<T>(Tensor tensor) where T : unmanaged
    {
        var info = Describe(tensor);
        var expected = DTypes.Of<T>();
        if ((DType)info.Dtype != expected)
            throw new TorchException($"The elements of {tensor} were asked for as {expected}; convert with To(DType.{expected}) first.");
        if ((DeviceKind)info.DeviceType != DeviceKind.Cpu || info.Contiguous == 0)
            throw new TorchException($"The elements of {tensor} do not lie contiguously in main memory; call To(Device.Cpu).Contiguous() first.");
        return new Span<T>((void*)info.Data, checked((int)info.Elements));
    }

    /// <summary>A view of pinned managed memory; the array stays pinned until libtorch lets the storage go.</summary>
    public static Tensor View<T>(T[] array, long[] shape, DType dtype) where T : unmanaged
    {
        CheckCount(array.LongLength, shape);
        var pin = GCHandle.Alloc(array, GCHandleType.Pinned);
        return View(pin.AddrOfPinnedObject(), shape, dtype, pin);
    }

    /// <summary>A view of memory that a handle keeps alive: mapped files.</summary>
    public static Tensor View(SafeBuffer memory, long offset, long[] shape, DType dtype)
    {
        var bytes = Count(shape) * dtype.Size();
        if (offset < 0 || (ulong)(offset + bytes) > memory.ByteLength)
            throw new TorchException($"A view of {bytes} bytes at {offset} reaches beyond the {memory.ByteLength} bytes of the memory it is of.");
        var held = false;
        memory.DangerousAddRef(ref held);
        byte* start = null;
        memory.AcquirePointer(ref start);
        var owner = GCHandle.Alloc(new MappedOwner(memory));
        return View((nint)(start + offset), shape, dtype, owner);
    }

    private static Tensor View(nint data, long[] shape, DType dtype, GCHandle owner)
    {
        nint handle;
        int code;
        fixed (long* s = shape)
            code = Native.Api->TensorView(data, s, shape.Length, (int)dtype, &ReleaseOwner, GCHandle.ToIntPtr(owner), &handle);
        if (code != 0)
            Free(owner);
        Native.Check(code, $"viewing memory as {dtype}[{string.Join(", ", shape)}]");
        return new Tensor(handle, Count(shape) * dtype.Size());
    }

    [UnmanagedCallersOnly]
    private static void ReleaseOwner(nint context) => Free(GCHandle.FromIntPtr(context));

    private static void Free(GCHandle owner)
    {
        if (owner.Target is MappedOwner mapped)
            mapped.Release();
        owner.Free();
    }

    public static long Count(long[] shape)
    {
        var count = 1L;
        foreach (var size in shape)
            count = checked(count * size);
        return count;
    }

    private static void CheckCount(long given, long[] shape, [CallerArgumentExpression(nameof(shape))] string name = "")
    {
        if (Count(shape) != given)
            throw new ArgumentException($"{given} elements do not fill the shape [{string.Join(", ", shape)}].", name);
    }

    private sealed class MappedOwner(SafeBuffer memory)
    {
        public void Release()
        {
            memory.ReleasePointer();
            memory.DangerousRelease();
        }
    }
}
