namespace Decant.Torch.Interop;

/// <summary>The bridge's norms, with managed arguments.</summary>
internal static unsafe class NormCalls
{
    public static NativeValue BatchNormRelu(
        IBorrowable input, IBorrowable? around, IBorrowable weight, IBorrowable bias, IBorrowable mean, IBorrowable variance, double momentum, double epsilon)
    {
        var rooms = stackalloc nint[6];
        NativeValue result;
        using var all = new Borrowed([input, around, weight, bias, mean, variance], rooms);
        if (Native.Api->BatchNormRelu(rooms[0], rooms[1], rooms[2], rooms[3], rooms[4], rooms[5], momentum, epsilon, &result) != 0)
            throw Native.Error($"batch norm of {input}");
        return result;
    }
}
