namespace Decant.Torch.Interop;

/// <summary>The bridge's losses of rows, with managed arguments.</summary>
internal static unsafe class RowLossCalls
{
    public static (Tensor Rows, Tensor Gradient) SoftTargets(Tensor student, Tensor teacher, Tensor? factors, double temperature, double slope)
    {
        var rooms = stackalloc nint[3];
        var results = stackalloc NativeValue[2];
        using var all = new Borrowed([student, teacher, factors], rooms);
        if (Native.Api->SoftTargetRows(rooms[0], rooms[1], rooms[2], temperature, slope, results, results + 1) != 0)
            throw Native.Error($"soft targets of {student} and {teacher}");
        return Both(results);
    }

    public static (Tensor Rows, Tensor Gradient) CrossEntropy(Tensor logits, Tensor labels, Tensor? factors, long ignored, double smoothing)
    {
        var rooms = stackalloc nint[3];
        var results = stackalloc NativeValue[2];
        using var all = new Borrowed([logits, labels, factors], rooms);
        if (Native.Api->CrossEntropyRows(rooms[0], rooms[1], rooms[2], ignored, smoothing, results, results + 1) != 0)
            throw Native.Error($"cross-entropy of {logits} with {labels}");
        return Both(results);
    }

    private static (Tensor Rows, Tensor Gradient) Both(NativeValue* results)
    {
        var tensors = Results.Tensors(new ReadOnlySpan<NativeValue>(results, 2).ToArray());
        return (tensors[0]!, tensors[1]!);
    }
}
