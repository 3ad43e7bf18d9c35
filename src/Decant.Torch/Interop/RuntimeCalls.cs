using System.Runtime.InteropServices;

namespace Decant.Torch.Interop;

/// <summary>The bridge's entries about the process, with managed arguments.</summary>
internal static unsafe class RuntimeCalls
{
    public static string TorchVersion() => Marshal.PtrToStringUTF8((nint)Native.Api->TorchVersion())!;

    /// <summary>Loads the bridge, and with it libtorch, if nothing has yet.</summary>
    public static void Load() => _ = Native.Api->AbiVersion;

    public static string BridgePath() => Native.LoadedFrom;

    public static string Describe()
    {
        var text = new byte[1 << 16];
        fixed (byte* t = text)
        {
            if (Native.Api->DescribeRuntime(t, text.Length) != 0)
                throw Native.Error("describing libtorch");
            return Marshal.PtrToStringUTF8((nint)t)!;
        }
    }

    /// <summary>One fact of what <see cref="Describe"/> says; empty where it does not.</summary>
    public static string Fact(string name)
    {
        foreach (var line in Describe().Split('\n'))
        {
            if (line.StartsWith(name + "=", StringComparison.Ordinal))
                return line[(name.Length + 1)..];
        }

        return "";
    }

    public static int GetThreads() => Native.Api->GetThreads();

    public static void SetThreads(int threads)
    {
        if (Native.Api->SetThreads(threads) != 0)
            throw Native.Error($"setting {threads} threads");
    }

    public static void SetOwnThreads(int threads)
    {
        if (Native.Api->SetOwnThreads(threads) != 0)
            throw Native.Error($"setting {threads} threads for one thread");
    }

    public static int CudaDevices() => Native.Api->CudaDevices();
}
