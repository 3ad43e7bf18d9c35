namespace Decant.Torch.Interop;

/// <summary>The bridge's generator entries, with managed arguments.</summary>
internal static unsafe class GeneratorCalls
{
    public static nint Default(int deviceKind, int deviceIndex, string device)
    {
        nint handle;
        if (Native.Api->GeneratorDefault(deviceKind, deviceIndex, &handle) != 0)
            throw Native.Error($"libtorch's generator of {device}");
        return handle;
    }

    public static nint New(ulong seed)
    {
        nint handle;
        if (Native.Api->GeneratorNew(seed, &handle) != 0)
            throw Native.Error("making a generator");
        return handle;
    }

    public static void Release(nint handle) => Native.Api->GeneratorRelease(handle);

    public static void Seed(nint handle, ulong seed)
    {
        if (Native.Api->GeneratorSeed(handle, seed) != 0)
            throw Native.Error("seeding a generator");
    }

    public static NativeValue GetState(nint handle)
    {
        NativeValue value;
        if (Native.Api->GeneratorGetState(handle, &value) != 0)
            throw Native.Error("reading a generator's state");
        return value;
    }

    public static void SetState(nint handle, IBorrowable state, long bytes)
    {
        nint room;
        using var one = new Borrowed([state], &room);
        if (Native.Api->GeneratorSetState(handle, room) != 0)
            throw Native.Error($"setting a generator's state from {bytes} bytes");
    }
}
