using System.Runtime.InteropServices;
using Decant.Torch.Interop;

namespace Decant.Torch;

public sealed partial class Tensor
{
    private static readonly Operator s_empty = new("aten::empty", "memory_format");
    private static readonly Operator s_zeros = new("aten::zeros");
    private static readonly Operator s_ones = new("aten::ones");
    private static readonly Operator s_full = new("aten::full");
    private static readonly Operator s_arange = new("aten::arange", "start_step");
    private static readonly Operator s_eye = new("aten::eye");
    private static readonly Operator s_zerosLike = new("aten::zeros_like");
    private static readonly Operator s_onesLike = new("aten::ones_like");
    private static readonly Operator s_emptyLike = new("aten::empty_like");

    /// <summary>A copy of an array, on the CPU.</summary>
    /// <param name="data">The elements in row-major order.</param>
    /// <param name="shape">The sizes; none: one-dimensional.</param>
    /// <exception cref="ArgumentException">The elements do not fill the shape, or <typeparamref name="T"/> has no dtype.</exception>
    public static Tensor From<T>(ReadOnlySpan<T> data, params long[] shape) where T : unmanaged
    {
        ArgumentNullException.ThrowIfNull(shape);
        if (shape.Length == 0)
            shape = [data.Length];
        TensorMemory.CheckFills(data.Length, shape);
        var tensor = Empty(shape, DTypes.Of<T>());
        if (ShapesOnly.IsOpen)
            return tensor;
        data.CopyTo(tensor.AsSpan<T>());
        return tensor;
    }

    /// <inheritdoc cref="From{T}(ReadOnlySpan{T}, long[])"/>
    public static Tensor From<T>(T[] data, params long[] shape) where T : unmanaged
    {
        ArgumentNullException.ThrowIfNull(data);
        return From((ReadOnlySpan<T>)data, shape);
    }

    /// <summary>A copy of an array on a device, which is not waited for.</summary>
    /// <param name="data">The elements in row-major order.</param>
    /// <param name="device">Where to.</param>
    /// <param name="shape">The sizes; none: one-dimensional.</param>
    /// <exception cref="ArgumentException">The elements do not fill the shape, or <typeparamref name="T"/> has no dtype.</exception>
    public static Tensor From<T>(T[] data, Device device, params long[] shape) where T : unmanaged
    {
        var near = From(data, shape);
        if (device.Kind == DeviceKind.Cpu)
            return near;
        using (near)
            return near.To(device, wait: false);
    }

    /// <summary>A 0-dimensional tensor of one number, on the CPU; float32 by default.</summary>
    public static Tensor Scalar(double value, DType dtype = DType.Float32) => Full([], value, dtype);

    /// <summary>A view of an array, without copying: changes of one are seen by the other. The array stays pinned until the storage goes.</summary>
    /// <param name="array">The elements in row-major order.</param>
    /// <param name="shape">The sizes; none: one-dimensional.</param>
    /// <exception cref="ArgumentException">The elements do not fill the shape, or <typeparamref name="T"/> has no dtype.</exception>
    public static Tensor ViewOf<T>(T[] array, params long[] shape) where T : unmanaged
    {
        ArgumentNullException.ThrowIfNull(array);
        ArgumentNullException.ThrowIfNull(shape);
        if (ShapesOnly.IsOpen)
            return From(array, shape);
        if (shape.Length == 0)
            shape = [array.LongLength];
        TensorMemory.CheckFills(array.LongLength, shape);
        var dtype = DTypes.Of<T>();
        return new Tensor(TensorMemory.View(array, shape, dtype.ToElementType()), array.LongLength * dtype.Size());
    }

    /// <summary>A view of mapped memory, without copying; the memory is held until the storage goes, even if its owner disposes it before.</summary>
    /// <remarks>Writing to a view of a file that is mapped for reading ends the process.</remarks>
    /// <param name="memory">The memory, for example <c>MemoryMappedViewAccessor.SafeMemoryMappedViewHandle</c>.</param>
    /// <param name="offset">Where the first element is, in bytes; a multiple of the element's size.</param>
    /// <param name="dtype">The elements' type.</param>
    /// <param name="shape">The sizes.</param>
    /// <exception cref="TorchException">The view reaches beyond the memory, or its first element is not aligned.</exception>
    public static Tensor ViewOf(SafeBuffer memory, long offset, DType dtype, params long[] shape)
    {
        ArgumentNullException.ThrowIfNull(memory);
        ArgumentNullException.ThrowIfNull(shape);
        return new Tensor(TensorMemory.View(memory, offset, shape, dtype.ToElementType()), TensorMemory.Count(shape) * dtype.Size());
    }

    /// <summary>Room of that shape, without defined contents; float32 on the CPU by default.</summary>
    public static Tensor Empty(long[] shape, DType dtype = DType.Float32, Device device = default) => s_empty.Call(shape, dtype, Arg.None, ShapesOnly.Place(device));

    /// <summary>Zeros of that shape; float32 on the CPU by default.</summary>
    public static Tensor Zeros(long[] shape, DType dtype = DType.Float32, Device device = default) => s_zeros.Call(shape, dtype, Arg.None, ShapesOnly.Place(device));

    /// <summary>Ones of that shape; float32 on the CPU by default.</summary>
    public static Tensor Ones(long[] shape, DType dtype = DType.Float32, Device device = default) => s_ones.Call(shape, dtype, Arg.None, ShapesOnly.Place(device));

    /// <summary>One number everywhere; float32 on the CPU by default.</summary>
    public static Tensor Full(long[] shape, double value, DType dtype = DType.Float32, Device device = default) =>
        s_full.Call(shape, value, dtype, Arg.None, ShapesOnly.Place(device));

    /// <summary>
    /// start, start + step … below end, one-dimensional; steps of 1 and int64 on the CPU by default. Above end for a negative step; a step of 0
    /// is refused.
    /// </summary>
    public static Tensor Arange(long start, long end, long step = 1, DType dtype = DType.Int64, Device device = default) =>
        s_arange.Call(start, end, step, dtype, Arg.None, ShapesOnly.Place(device));

    /// <summary>[size, size]: ones on the diagonal, zeros elsewhere; float32 on the CPU by default.</summary>
    public static Tensor Eye(long size, DType dtype = DType.Float32, Device device = default) => s_eye.Call(size, dtype, Arg.None, ShapesOnly.Place(device));

    /// <summary>Normally distributed numbers, mean 0 and deviation 1; float32 on the CPU. Null draws from libtorch's own generator.</summary>
    public static Tensor Randn(long[] shape, Generator? generator = null)
    {
        var tensor = Empty(shape);
        tensor.NormalInPlace(0, 1, generator);
        return tensor;
    }

    /// <summary>Numbers spread evenly over [0, 1); float32 on the CPU. Null draws from libtorch's own generator.</summary>
    public static Tensor Rand(long[] shape, Generator? generator = null)
    {
        var tensor = Empty(shape);
        tensor.UniformInPlace(0, 1, generator);
        return tensor;
    }

    /// <summary>Zeros of this tensor's shape, type and device.</summary>
    public Tensor ZerosLike() => s_zerosLike.Call(this);

    /// <summary>Ones of this tensor's shape, type and device.</summary>
    public Tensor OnesLike() => s_onesLike.Call(this);

    /// <summary>Room of this tensor's shape, type and device, without defined contents.</summary>
    public Tensor EmptyLike() => s_emptyLike.Call(this);
}
