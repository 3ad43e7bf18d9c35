using Decant.Torch.Interop;

namespace Decant.Torch;

/// <summary>Turns what the bridge hands over into managed tensors. Nothing is lost if that fails half-way: what is not wrapped is released.</summary>
internal static class Results
{
    /// <summary>The tensor, or null for a value that is none; values that own something else must not come here.</summary>
    public static Tensor? Tensor(in NativeValue value) =>
        value.Tag == NativeTag.Tensor ? new Tensor((nint)value.Bits, value.Length) : null;

    /// <summary>One tensor per value; null where libtorch left it undefined.</summary>
    public static Tensor?[] Tensors(ReadOnlySpan<NativeValue> values)
    {
        var tensors = new Tensor?[values.Length];
        var begun = 0;
        try
        {
            while (begun < values.Length)
            {
                begun++; // if wrapping a tensor throws, it has been released by then
                tensors[begun - 1] = Tensor(values[begun - 1]);
            }

            return tensors;
        }
        catch
        {
            foreach (var tensor in tensors)
                tensor?.Dispose();
            foreach (ref readonly var value in values[begun..])
                NativeResults.Discard(value);
            throw;
        }
    }

    /// <summary>The tensors of a list, which is freed.</summary>
    public static Tensor?[] List(in NativeValue list)
    {
        try
        {
            return Tensors(NativeResults.Items(list));
        }
        finally
        {
            NativeResults.FreeList(list);
        }
    }

    /// <summary>Releases all and returns the error that says what came instead of what was expected.</summary>
    public static TorchException Unexpected(Operator op, string expected, ReadOnlySpan<NativeValue> values)
    {
        var came = new List<string>(values.Length);
        foreach (ref readonly var value in values)
        {
            came.Add(value.Tag.ToString().ToLowerInvariant());
            NativeResults.Discard(value);
        }

        return new TorchException($"{op} was called for {expected}, it gave {(came.Count == 0 ? "nothing" : string.Join(", ", came))}.");
    }
}
