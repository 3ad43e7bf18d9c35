using System.Runtime.InteropServices;

namespace Decant.Torch.Interop;

/// <summary>The bridge's entries about the process, with managed arguments.</summary>
internal static unsafe class RuntimeCalls
{
    public static string TorchVersion() => Marshal.PtrToStringUTF8((nint)Native.Api->TorchVersion())!;

    public static string BridgePath()
    {
        _ = Native.Api->AbiVersion;
        return Native.LoadedFrom!;
    }

    public static string Describe()
    {
        var text = new byte[1 << 16];
        fixed (byte* t = text)
        {
            Native.Check(Native.Api->DescribeRuntime(t, text.Length), "describing libtorch");
            return Marshal.PtrToStringUTF8((nint)t)!;
        }
    }

    public static int GetThreads() => Native.Api->GetThreads();

    public static void SetThreads(int threads) => Native.Check(Native.Api->SetThreads(threads), $"setting {threads} threads");

    public static int CudaDevices() => Native.Api->CudaDevices();
}
