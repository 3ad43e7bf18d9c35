namespace Decant.Torch.Interop;

/// <summary>The bridge's autograd entries, with managed arguments.</summary>
internal static unsafe class AutogradCalls
{
    public static bool Enabled
    {
        get => Native.Api->GradEnabled() != 0;
        set => Native.Api->SetGradEnabled(value ? 1 : 0);
    }

    /// <summary>Turns lower precision on for one kind of device and the calling thread.</summary>
    public static void BeginAutocast(int device, string deviceName, int dtype, string dtypeName)
    {
        if (Native.Api->Autocast(device, dtype) != 0)
            throw Native.Error($"beginning mixed precision in {dtypeName} on {deviceName}");
    }

    /// <summary>Turns lower precision off again.</summary>
    public static void EndAutocast(int device, string deviceName)
    {
        if (Native.Api->Autocast(device, -1) != 0)
            throw Native.Error($"ending mixed precision on {deviceName}");
    }

    /// <summary>Backward from tensors; <paramref name="gradients"/> is empty or has one per tensor.</summary>
    public static void Backward(ReadOnlySpan<IBorrowable> tensors, ReadOnlySpan<IBorrowable?> gradients, bool retainGraph, bool createGraph)
    {
        var rooms = stackalloc nint[tensors.Length + gradients.Length];
        using var roots = new Borrowed(tensors, rooms);
        using var seeds = new Borrowed(gradients, rooms + tensors.Length);
        if (Native.Api->Backward(roots.Handles, seeds.Handles, tensors.Length, retainGraph ? 1 : 0, createGraph ? 1 : 0) != 0)
            throw Native.Error($"backward from {Show(tensors)}");
    }

    /// <summary>Gradients of outputs for inputs; <paramref name="gradients"/> is empty or has one per output.</summary>
    public static NativeValue[] Grad(
        ReadOnlySpan<IBorrowable> outputs, ReadOnlySpan<IBorrowable> inputs, ReadOnlySpan<IBorrowable?> gradients, bool retainGraph, bool createGraph, bool allowUnused)
    {
        var rooms = stackalloc nint[outputs.Length + inputs.Length + gradients.Length];
        var results = new NativeValue[inputs.Length];
        using (var roots = new Borrowed(outputs, rooms))
        using (var leaves = new Borrowed(inputs, rooms + outputs.Length))
        using (var seeds = new Borrowed(gradients, rooms + outputs.Length + inputs.Length))
            fixed (NativeValue* r = results)
            {
                var code = Native.Api->Grad(
                    roots.Handles, seeds.Handles, outputs.Length, leaves.Handles, inputs.Length,
                    retainGraph ? 1 : 0, createGraph ? 1 : 0, allowUnused ? 1 : 0, r);
                if (code != 0)
                    throw Native.Error($"gradient of {Show(outputs)} for {Show(inputs)}");
            }

        return results;
    }

    /// <summary>A copy of a number with gradients worked out beforehand; <paramref name="gradients"/> has one per input.</summary>
    public static NativeValue GivenGradients(IBorrowable value, ReadOnlySpan<IBorrowable> inputs, ReadOnlySpan<IBorrowable> gradients)
    {
        var rooms = stackalloc nint[1 + inputs.Length + gradients.Length];
        using var number = new Borrowed([value], rooms);
        using var leaves = new Borrowed(inputs, rooms + 1);
        using var given = new Borrowed(gradients, rooms + 1 + inputs.Length);
        NativeValue result;
        if (Native.Api->GivenGradients(rooms[0], leaves.Handles, given.Handles, inputs.Length, &result) != 0)
            throw Native.Error($"giving {value} gradients for {Show(inputs)}");
        return result;
    }

    /// <summary>The gradient, a tensor or nothing.</summary>
    public static NativeValue GetGrad(IBorrowable tensor)
    {
        nint room;
        NativeValue value;
        using var one = new Borrowed([tensor], &room);
        if (Native.Api->GetGrad(room, &value) != 0)
            throw Native.Error($"reading the gradient of {tensor}");
        return value;
    }

    public static bool HasGrad(IBorrowable tensor)
    {
        var value = GetGrad(tensor);
        NativeResults.Discard(value);
        return value.Tag == NativeTag.Tensor;
    }

    public static void SetGrad(IBorrowable tensor, IBorrowable? gradient)
    {
        var rooms = stackalloc nint[2];
        using var both = new Borrowed([tensor, gradient], rooms);
        if (Native.Api->SetGrad(rooms[0], rooms[1]) != 0)
            throw Native.Error($"setting the gradient of {tensor} to {gradient}");
    }

    public static void SetRequiresGrad(IBorrowable tensor, bool value)
    {
        nint room;
        using var one = new Borrowed([tensor], &room);
        if (Native.Api->SetRequiresGrad(room, value ? 1 : 0) != 0)
            throw Native.Error($"setting RequiresGrad of {tensor} to {value}");
    }

    private static string Show(ReadOnlySpan<IBorrowable> tensors) =>
        tensors.Length switch { 0 => "nothing", 1 => $"{tensors[0]}", var more => $"{tensors[0]} and {more - 1} more" };
}
