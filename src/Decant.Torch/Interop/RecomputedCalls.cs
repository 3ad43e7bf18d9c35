using System.Runtime.InteropServices;
using System.Text;

namespace Decant.Torch.Interop;

/// <summary>Parts of a graph whose backward pass runs a function of this program.</summary>
internal static unsafe class RecomputedCalls
{
    /// <summary>The output as a part of the graph of its inputs.</summary>
    /// <param name="output">The output, which was computed without a graph.</param>
    /// <param name="inputs">What it depends on.</param>
    /// <param name="backward">From the gradient that flows into the output to those of the inputs; the tensors that it gives are the bridge's afterwards. It runs once, perhaps on another thread.</param>
    public static NativeValue Attach(IBorrowable output, ReadOnlySpan<IBorrowable> inputs, Func<Tensor, Tensor?[]> backward)
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
            using var suspended = TensorScope.Suspend();
            using var flowing = Results.Tensor(*gradient)!;
            var gradients = ((Func<Tensor, Tensor?[]>)GCHandle.FromIntPtr(context).Target!)(flowing);
            for (var i = 0; i < count; i++)
                results[i] = gradients[i] is { } tensor ? new NativeValue { Tag = NativeTag.Tensor, Bits = tensor.Give() } : default;
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
