namespace Decant.Torch.Interop;

/// <summary>The bridge's generator entries, with managed arguments.</summary>
internal static unsafe class GeneratorCalls
{
    public static nint Default(Device device)
    {
        nint handle;
        Native.Check(Native.Api->GeneratorDefault((int)device.Kind, device.Index, &handle), $"libtorch's generator of {device}");
        return handle;
    }

    public static nint New(ulong seed)
    {
        nint handle;
        Native.Check(Native.Api->GeneratorNew(seed, &handle), "making a generator");
        return handle;
    }

    public static void Release(nint handle) => Native.Api->GeneratorRelease(handle);

    public static void Seed(nint handle, ulong seed) => Native.Check(Native.Api->GeneratorSeed(handle, seed), "seeding a generator");

    public static Tensor GetState(nint handle)
    {
        NativeValue value;
        Native.Check(Native.Api->GeneratorGetState(handle, &value), "reading a generator's state");
        return Dispatch.ToTensor(value)!;
    }

    public static void SetState(nint handle, Tensor state) =>
        Native.Check(Native.Api->GeneratorSetState(handle, state.Handle), "setting a generator's state");
}
