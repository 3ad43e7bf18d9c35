using System.Runtime.InteropServices;

namespace Decant.Torch.Interop;

/// <summary>What touches the memory of tensors: describing, viewing, copying, releasing.</summary>
internal static unsafe class TensorMemory
{
    private const int MaxDimensions = 64;
    private const int Cpu = 0; // of c10::DeviceType

    public static void Release(nint handle) => Native.Api->TensorRelease(handle);

    public static NativeTensorInfo Describe(IBorrowable tensor)
    {
        NativeTensorInfo info;
        nint room;
        using var one = new Borrowed([tensor], &room);
        if (Native.Api->TensorDescribe(room, &info) != 0)
            throw Native.Error("describing a tensor");
        return info;
    }

    public static long[] Sizes(IBorrowable tensor)
    {
        nint room;
        using var one = new Borrowed([tensor], &room);
        var sizes = new long[Describe(tensor).Dimensions];
        fixed (long* s = sizes)
        {
            if (Native.Api->TensorSizes(room, s, null, MaxDimensions) != 0)
                throw Native.Error("reading a tensor's shape");
        }

        return sizes;
    }

    /// <summary>The elements of a contiguous CPU tensor, in place. Valid while the tensor lives.</summary>
    /// <param name="tensor">The tensor, for error messages.</param>
    /// <param name="info">What <see cref="Describe"/> says of it.</param>
    /// <param name="expected">The element type that corresponds to <typeparamref name="T"/>.</param>
    public static Span<T> Span<T>(IBorrowable tensor, scoped in NativeTensorInfo info, ElementType expected) where T : unmanaged
    {
        if (info.Dtype != expected.Code)
            throw new TorchException($"The elements of {tensor} were asked for as {expected}; convert with To(DType.{expected}) first.");
        CheckFitsArray(tensor, info.Elements);
        if (info.DeviceType != Cpu || info.Contiguous == 0)
            throw new TorchException($"The elements of {tensor} do not lie contiguously in main memory; call To(Device.Cpu).Contiguous() first.");
        return new Span<T>((void*)info.Data, (int)info.Elements);
    }

    /// <summary>Refuses what no .NET array or span can hold.</summary>
    public static void CheckFitsArray(IBorrowable tensor, long elements)
    {
        if (elements > Array.MaxLength)
            throw new TorchException($"{tensor} has {elements} elements; an array of .NET holds at most {Array.MaxLength}. Take it in parts with Narrow.");
    }

    /// <summary>A view of pinned managed memory, which fills the shape; the array stays pinned until libtorch releases the storage.</summary>
    public static nint View<T>(T[] array, long[] shape, ElementType dtype) where T : unmanaged
    {
        var pin = GCHandle.Alloc(array, GCHandleType.Pinned);
        return View((nint)Unsafe(array), shape, dtype, pin);
    }

    /// <summary>A view of memory that a handle keeps alive: mapped files.</summary>
    public static nint View(SafeBuffer memory, long offset, long[] shape, ElementType dtype)
    {
        var bytes = checked(Count(shape) * dtype.Size);
        if (offset < 0 || (ulong)offset > memory.ByteLength || (ulong)bytes > memory.ByteLength - (ulong)offset)
            throw new TorchException($"A view of {bytes} bytes at {offset} reaches beyond the {memory.ByteLength} bytes of the memory it is of.");
        byte* start = null;
        memory.AcquirePointer(ref start); // counts as a reference: the memory outlives its own Dispose until the view's storage goes
        if ((nint)(start + offset) % dtype.Size != 0)
        {
            memory.ReleasePointer();
            throw new TorchException($"The view's first element at byte {offset} is not aligned to the {dtype.Size} bytes of a {dtype}; copy the bytes instead.");
        }

        return View((nint)(start + offset), shape, dtype, GCHandle.Alloc(memory));
    }

    /// <summary>The product of the sizes.</summary>
    /// <exception cref="ArgumentException">A size is negative, or the product is beyond 64 bits.</exception>
    public static long Count(long[] shape)
    {
        var count = 1L;
        foreach (var size in shape)
        {
            if (size < 0 || (size != 0 && count > long.MaxValue / size))
                throw new ArgumentException($"[{string.Join(", ", shape)}] is no shape: sizes are 0 or more and their product below 2⁶³.", nameof(shape));
            count *= size;
        }

        return count;
    }

    /// <summary>Refuses a shape that does not have exactly as many elements as were given.</summary>
    public static void CheckFills(long given, long[] shape)
    {
        if (Count(shape) != given)
            throw new ArgumentException($"{given} elements do not fill the shape [{string.Join(", ", shape)}].", nameof(shape));
    }

    private static void* Unsafe<T>(T[] array) where T : unmanaged =>
        System.Runtime.CompilerServices.Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(array));

    private static nint View(nint data, long[] shape, ElementType dtype, GCHandle owner)
    {
        nint handle;
        int code;
        fixed (long* s = shape)
            code = Native.Api->TensorView(data, s, shape.Length, dtype.Code, &ReleaseOwner, GCHandle.ToIntPtr(owner), &handle);
        if (code == 0)
            return handle;
        Free(owner);
        throw Native.Error($"viewing memory as {dtype}[{string.Join(", ", shape)}]");
    }

    [UnmanagedCallersOnly]
    private static void ReleaseOwner(nint context) => Free(GCHandle.FromIntPtr(context));

    private static void Free(GCHandle owner)
    {
        if (owner.Target is SafeBuffer memory)
            memory.ReleasePointer();
        owner.Free();
    }
}
