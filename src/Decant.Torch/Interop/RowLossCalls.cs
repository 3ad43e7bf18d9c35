namespace Decant.Torch.Interop;

/// <summary>The bridge's losses of rows, with managed arguments. They give two tensors: the losses and their gradient.</summary>
internal static unsafe class RowLossCalls
{
    public static void Divergence(IBorrowable student, IBorrowable teacher, IBorrowable? factors, bool isReverse, double temperature, double slope, Span<NativeValue> results)
    {
        var rooms = stackalloc nint[3];
        using var all = new Borrowed([student, teacher, factors], rooms);
        fixed (NativeValue* r = results)
        {
            if (Native.Api->DivergenceRows(rooms[0], rooms[1], rooms[2], isReverse ? 1 : 0, temperature, slope, r, r + 1) != 0)
                throw Native.Error($"divergence of {student} and {teacher}");
        }
    }

    public static void CrossEntropy(IBorrowable logits, IBorrowable labels, IBorrowable? factors, long ignored, double smoothing, Span<NativeValue> results)
    {
        var rooms = stackalloc nint[3];
        using var all = new Borrowed([logits, labels, factors], rooms);
        fixed (NativeValue* r = results)
        {
            if (Native.Api->CrossEntropyRows(rooms[0], rooms[1], rooms[2], ignored, smoothing, r, r + 1) != 0)
                throw Native.Error($"cross-entropy of {logits} with {labels}");
        }
    }
}
