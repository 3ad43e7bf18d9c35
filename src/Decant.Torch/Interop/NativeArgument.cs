using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Decant.Torch.Interop;

/// <summary>One argument of an operator call, before <see cref="Dispatch"/> lays it out as a <see cref="NativeValue"/>.</summary>
/// <param name="tag">What it is.</param>
/// <param name="bits">A number; of a device, the kind and above it the index in 32 bits each.</param>
/// <param name="reference">A text, an array of numbers, an <see cref="IBorrowable"/> or an array of these, as the tag says.</param>
internal readonly struct NativeArgument(NativeTag tag, long bits, object? reference)
{
    public readonly NativeTag Tag = tag;
    public readonly long Bits = bits;
    public readonly object? Reference = reference;

    /// <summary>The tensor or generator. The tag must say that it is one: nothing is checked here, for a cast to an interface costs as much as the call by it.</summary>
    public IBorrowable One => Unsafe.As<IBorrowable>(Reference!);

    /// <summary>The tensors of a list, with the same condition.</summary>
    public IBorrowable?[] List => Unsafe.As<IBorrowable?[]>(Reference!);

    /// <summary>Wrappers of one argument each, seen as the arguments themselves: nothing is copied.</summary>
    /// <typeparam name="T">A structure with one field, a <see cref="NativeArgument"/>.</typeparam>
    public static ReadOnlySpan<NativeArgument> Unwrap<T>(ReadOnlySpan<T> wrappers) where T : struct
    {
        if (Unsafe.SizeOf<T>() != Unsafe.SizeOf<NativeArgument>())
            throw new InvalidOperationException($"{typeof(T)} holds more than a {nameof(NativeArgument)}."); // the JIT drops this test where it holds
        return MemoryMarshal.CreateReadOnlySpan(ref Unsafe.As<T, NativeArgument>(ref MemoryMarshal.GetReference(wrappers)), wrappers.Length);
    }
}
