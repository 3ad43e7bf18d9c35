namespace Decant.Torch.Interop;

/// <summary>Values that the bridge has handed over, and that the caller owns.</summary>
internal static unsafe class NativeResults
{
    /// <summary>The values of a list, until it is freed.</summary>
    public static ReadOnlySpan<NativeValue> Items(in NativeValue list) => new((void*)list.Bits, checked((int)list.Length));

    /// <summary>Frees a list, and not what its values own.</summary>
    public static void FreeList(in NativeValue list) => Native.Api->FreeList((nint)list.Bits);

    /// <summary>Releases what the value owns.</summary>
    public static void Discard(in NativeValue value)
    {
        if (value.Tag == NativeTag.Tensor)
        {
            Native.Api->TensorRelease((nint)value.Bits);
        }
        else if (value.Tag == NativeTag.TensorList)
        {
            foreach (ref readonly var item in Items(value))
                Discard(item);
            FreeList(value);
        }
    }
}
