namespace Decant.Torch.Interop;

/// <summary>The bridge's autograd entries, with managed arguments.</summary>
internal static unsafe class AutogradCalls
{
    public static void Backward(ReadOnlySpan<Tensor> tensors, ReadOnlySpan<Tensor?> gradients, bool retainGraph, bool createGraph)
    {
        var roots = stackalloc nint[tensors.Length];
        var seeds = stackalloc nint[tensors.Length];
        Handles(tensors, roots);
        Handles(gradients, seeds);
        Native.Check(
            Native.Api->Backward(roots, gradients.Length == 0 ? null : seeds, tensors.Length, retainGraph ? 1 : 0, createGraph ? 1 : 0),
            $"backward from {(tensors.Length == 0 ? "nothing" : tensors[0])}");
    }

    public static Tensor?[] Grad(ReadOnlySpan<Tensor> outputs, ReadOnlySpan<Tensor> inputs, ReadOnlySpan<Tensor?> gradients, bool retainGraph, bool createGraph, bool allowUnused)
    {
        var roots = stackalloc nint[outputs.Length];
        var seeds = stackalloc nint[outputs.Length];
        var leaves = stackalloc nint[inputs.Length];
        Handles(outputs, roots);
        Handles(gradients, seeds);
        Handles(inputs, leaves);
        var results = new NativeValue[inputs.Length];
        fixed (NativeValue* r = results)
        {
            Native.Check(
                Native.Api->Grad(roots, gradients.Length == 0 ? null : seeds, outputs.Length, leaves, inputs.Length,
                    retainGraph ? 1 : 0, createGraph ? 1 : 0, allowUnused ? 1 : 0, r),
                $"gradient of {outputs[0]} for {inputs.Length} inputs");
        }

        return Array.ConvertAll(results, r => Dispatch.ToTensor(r));
    }

    public static Tensor? GetGrad(Tensor tensor)
    {
        NativeValue value;
        Native.Check(Native.Api->GetGrad(tensor.Handle, &value), "reading a gradient");
        return Dispatch.ToTensor(value);
    }

    public static void SetGrad(Tensor tensor, Tensor? gradient) =>
        Native.Check(Native.Api->SetGrad(tensor.Handle, gradient?.Handle ?? 0), "setting a gradient");

    public static void SetRequiresGrad(Tensor tensor, bool value) =>
        Native.Check(Native.Api->SetRequiresGrad(tensor.Handle, value ? 1 : 0), $"requiring gradients of {tensor}");

    public static bool Enabled
    {
        get => Native.Api->GradEnabled() != 0;
        set => Native.Api->SetGradEnabled(value ? 1 : 0);
    }

    private static void Handles(ReadOnlySpan<Tensor?> tensors, nint* handles)
    {
        for (var i = 0; i < tensors.Length; i++)
            handles[i] = tensors[i]?.Handle ?? 0;
    }
}
