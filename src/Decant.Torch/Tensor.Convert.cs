using Decant.Torch.Interop;

namespace Decant.Torch;

public sealed partial class Tensor
{
    private static readonly Operator s_toDType = new("aten::to", "dtype");
    private static readonly Operator s_toDevice = new("aten::to", "dtype_layout");
    private static readonly Operator s_viewDType = new("aten::view", "dtype");

    /// <summary>
    /// The elements converted, fractions cut off for integers; the same memory if they are of that type already. Differentiable between
    /// floating-point types.
    /// </summary>
    public Tensor To(DType dtype) => s_toDType.Call(this, dtype);

    /// <summary>The elements on another device; the same memory if they are there already. Differentiable.</summary>
    /// <param name="device">Where to.</param>
    /// <param name="wait">
    /// Whether it returns only when the copy has arrived, and with it everything that the device was given before; false: as soon as this tensor may be changed or
    /// released, which is for ordinary memory of the CPU (not pinned) as soon as it was passed on. Default: true.
    /// </param>
    public Tensor To(Device device, bool wait = true)
    {
        if (!wait)
            return s_toDevice.Call(this, Arg.None, Arg.None, device, Arg.None, true);
        if (OperatorListener.IsAnyOpen)
            OperatorListener.NotifyTransfer();
        return s_toDevice.Call(this, Arg.None, Arg.None, device);
    }

    /// <summary>The same bytes read as another type, a view without gradient. The last dimension shrinks or grows with the elements' sizes.</summary>
    public Tensor Reinterpret(DType dtype) => s_viewDType.Call(this, dtype);

    /// <summary>
    /// A managed copy of the elements in row-major order, for any strides and device; a 0-dimensional tensor gives one element.
    /// </summary>
    /// <exception cref="TorchException">
    /// The elements are of another type than <typeparamref name="T"/>, more than an array holds, or there are none (device meta).
    /// </exception>
    public T[] ToArray<T>() where T : unmanaged
    {
        TensorMemory.CheckFitsArray(this, ElementCount);
        if (OperatorListener.IsAnyOpen)
            OperatorListener.NotifyRead();
        using var suspended = TensorScope.Suspend();
        using var detached = Detach();
        using var near = s_toDevice.Call(detached, Arg.None, Arg.None, Decant.Torch.Device.Cpu);
        using var dense = near.Contiguous();
        return dense.AsSpan<T>().ToArray();
    }

    /// <summary>The only element, as a number; an int64 beyond 2⁵³ is rounded. On a GPU this waits for the device.</summary>
    /// <exception cref="InvalidOperationException">There is not exactly one element.</exception>
    public double Item()
    {
        if (ElementCount != 1)
            throw new InvalidOperationException($"{this} has {ElementCount} elements; Item needs exactly one.");
        using var suspended = TensorScope.Suspend();
        using var detached = Detach();
        using var number = detached.To(DType.Float64);
        return number.ToArray<double>()[0];
    }

    /// <summary>The elements of a contiguous CPU tensor, in place. Valid while the tensor lives; autograd does not see what is written.</summary>
    /// <exception cref="TorchException">Another element type, another device, not contiguous, or more than a span holds.</exception>
    public Span<T> AsSpan<T>() where T : unmanaged
    {
        if (OperatorListener.IsAnyOpen)
            OperatorListener.NotifyAccess(this);
        return TensorMemory.Span<T>(this, TensorMemory.Describe(this), DTypes.Of<T>().ToElementType());
    }
}
