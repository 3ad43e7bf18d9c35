using System.Runtime.InteropServices;
using System.Text;

namespace Decant.Torch.Interop;

/// <summary>Parts of a graph whose backward pass runs a function of this program.</summary>
internal static unsafe class RecomputedCalls
{
    /// <summary>From the gradient that flows into the output to those of the inputs.</summary>
    /// <param name="gradient">A tensor, which is the callee's.</param>
    /// <param name="gradients">One for each input, a tensor that is the bridge's afterwards, or none.</param>
    public delegate void Backward(in NativeValue gradient, Span<NativeValue> gradients);

    /// <summary>The output as a part of the graph of its inputs.</summary>
    /// <param name="output">The output, which was computed without a graph.</param>
    /// <param name="inputs">What it depends on.</param>
    /// <param name="backward">What the backward pass runs, once, perhaps on another thread.</param>
    public static NativeValue Attach(IBorrowable output, ReadOnlySpan<IBorrowable> inputs, Backward backward)
    {
        var rooms = stackalloc nint[1 + inputs.Length];
        using var one = new Borrowed([output], rooms);
        using var leaves = new Borrowed(inputs, rooms + 1);
        var context = GCHandle.Alloc(backward);
        NativeValue result;
        if (Native.Api->Recomputed(rooms[0], leaves.Handles, inputs.Length, &Compute, &Release, GCHandle.ToIntPtr(context), &result) == 0)
            return result;
        context.Free();
        throw Native.Error($"making {output} a part of a graph");
    }

    [UnmanagedCallersOnly]
    private static int Compute(nint context, NativeValue* gradient, NativeValue* results, long count, byte* text, long capacity)
    {
        try
        {
            ((Backward)GCHandle.FromIntPtr(context).Target!)(*gradient, new Span<NativeValue>(results, checked((int)count)));
            return 0;
        }
        catch (Exception error)
        {
            Put(error.Message, new Span<byte>(text, checked((int)capacity)));
            return 1;
        }
    }

    [UnmanagedCallersOnly]
    private static void Release(nint context) => GCHandle.FromIntPtr(context).Free();

    private static void Put(string message, Span<byte> room)
    {
        Encoding.UTF8.GetEncoder().Convert(message, room[..^1], flush: true, out _, out var written, out _);
        room[written] = 0;
    }
}
