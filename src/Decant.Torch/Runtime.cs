using Decant.Torch.Interop;

namespace Decant.Torch;

/// <summary>The libtorch that is loaded: version, files, threads, devices.</summary>
public static class Runtime
{
    /// <summary>The version that the bridge was built against, like <c>1.13.0</c> or <c>2.11.0</c>. Debian's 1.13.1 calls itself 1.13.0.</summary>
    public static string TorchVersion => RuntimeCalls.TorchVersion();

    /// <summary>Where the bridge was loaded from.</summary>
    public static string BridgePath => RuntimeCalls.BridgePath();

    /// <summary>The file of libtorch's CPU library.</summary>
    public static string TorchPath => Fact("libtorch-file");

    /// <summary>The file that the BLAS in use comes from: that of libtorch itself where it has one built in; empty where it is unknown.</summary>
    public static string BlasPath => Fact("blas-file");

    /// <summary>Everything that libtorch says of its build, its threads and its BLAS.</summary>
    public static string Describe() => RuntimeCalls.Describe();

    /// <summary>
    /// How many threads one operator may use, and the BLAS under it; for the whole process. Results can differ in the last bits between counts.
    /// </summary>
    /// <remarks>Set it before the work starts: what another thread is calculating just then is not changed.</remarks>
    /// <exception cref="ArgumentOutOfRangeException">Less than 1.</exception>
    public static int Threads
    {
        get => RuntimeCalls.GetThreads();
        set
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            RuntimeCalls.SetThreads(value);
        }
    }

    /// <summary>How many threads an operator may use that the calling thread runs, independent of <see cref="Threads"/> for others; 0: as many as that.</summary>
    /// <remarks>
    /// Two threads that calculate at the same time share the cores by it. A BLAS that keeps a pool of threads of its own (OpenBLAS with pthreads) knows
    /// one count for the process only, that of <see cref="Threads"/>.
    /// </remarks>
    /// <exception cref="ArgumentOutOfRangeException">Less than 0.</exception>
    public static void UseThreadsHere(int threads)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(threads);
        RuntimeCalls.SetOwnThreads(threads);
    }

    /// <summary>Whether the loaded libtorch was built with CUDA. Without, no GPU can be used, whatever the machine has.</summary>
    public static bool HasCuda => Describe().Contains("CUDA Runtime", StringComparison.Ordinal);

    /// <summary>How many CUDA devices libtorch sees.</summary>
    public static int CudaDevices => RuntimeCalls.CudaDevices();

    /// <summary>The OpenMP wait policy that libtorch was loaded under.</summary>
    public static string WaitPolicy
    {
        get
        {
            RuntimeCalls.Load();
            return NativeEnvironment.Get("OMP_WAIT_POLICY") ?? "unset";
        }
    }

    internal static string Fact(string name) => RuntimeCalls.Fact(name);
}
