using Decant.Torch.Interop;

namespace Decant.Torch;

/// <summary>A source of random numbers of libtorch (Mersenne twister on the CPU); its state can be read and set.</summary>
/// <remarks>
/// Operators that draw from one generator take turns; what each of two threads gets then depends on which came first. Give every thread its own.
/// </remarks>
public sealed class Generator : IDisposable, IBorrowable
{
    private nint _handle;

    private Generator(nint handle) => _handle = handle;

    /// <summary>A generator of one's own on the CPU.</summary>
    /// <param name="seed">Where the sequence starts.</param>
    public Generator(ulong seed) => _handle = GeneratorCalls.New(seed);

    private nint Handle
    {
        get
        {
            ObjectDisposedException.ThrowIf(_handle == 0, this);
            return _handle;
        }
    }

    /// <summary>A reference to the generator that libtorch's operators use when they are given none. It belongs to the process.</summary>
    /// <param name="device">The device of the generator; default: the CPU.</param>
    /// <exception cref="TorchException">There is no such device.</exception>
    public static Generator Default(Device device = default) => new(GeneratorCalls.Default((int)device.Kind, device.Index, device.ToString()));

    /// <summary>Starts the sequence again from a seed.</summary>
    public void Seed(ulong seed) => GeneratorCalls.Seed(Handle, seed);

    /// <summary>The whole state as bytes, for a checkpoint.</summary>
    public byte[] GetState()
    {
        using var suspended = TensorScope.Suspend();
        using var state = Results.Tensor(GeneratorCalls.GetState(Handle))!;
        return state.ToArray<byte>();
    }

    /// <summary>Continues from a state that <see cref="GetState"/> gave.</summary>
    /// <exception cref="TorchException">The bytes are no state of this kind of generator.</exception>
    public void SetState(byte[] state)
    {
        ArgumentNullException.ThrowIfNull(state);
        using var suspended = TensorScope.Suspend();
        using var tensor = Tensor.From(state, state.Length);
        GeneratorCalls.SetState(Handle, tensor, state.LongLength);
    }

    /// <summary>Releases the reference.</summary>
    public void Dispose()
    {
        var handle = Interlocked.Exchange(ref _handle, 0);
        if (handle != 0)
            GeneratorCalls.Release(handle);
    }

    nint IBorrowable.Borrow() => Handle;

    // Calls are not counted: a generator must not be disposed while one uses it.
    void IBorrowable.Return()
    {
    }
}
