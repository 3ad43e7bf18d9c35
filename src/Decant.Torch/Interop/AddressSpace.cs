using System.Globalization;

namespace Decant.Torch.Interop;

/// <summary>Whether the process may map what libtorch and its BLAS need. OpenBLAS asks for its buffers again and again, for ever, where a limit refuses them.</summary>
internal static class AddressSpace
{
    /// <summary>The room for libtorch's libraries and OpenBLAS's buffers, measured with libtorch 1.13 on two cores, and a buffer for each further core.</summary>
    private const long Libraries = 1L << 30, PerCore = 64L << 20;

    /// <exception cref="TorchException">The limit (<c>ulimit -v</c>) leaves too little.</exception>
    public static void Check()
    {
        if (OperatingSystem.IsLinux() && Problem(ProcessFiles.Lines("/proc/self/limits"), ProcessFiles.Lines("/proc/self/status"), Environment.ProcessorCount) is { } problem)
            throw new TorchException(problem);
    }

    /// <summary>What is wrong; null: nothing, or it cannot be known.</summary>
    /// <param name="limits">The lines of <c>/proc/self/limits</c>.</param>
    /// <param name="status">The lines of <c>/proc/self/status</c>.</param>
    /// <param name="cores">The processor's cores.</param>
    internal static string? Problem(IReadOnlyList<string> limits, IReadOnlyList<string> status, int cores)
    {
        if (ProcessFiles.Number(limits, "Max address space", 3) is not { } limit || ProcessFiles.Number(status, "VmSize:", 1) is not { } kilobytes)
            return null;
        var (left, needed) = (limit - (kilobytes << 10), Libraries + (PerCore * cores));
        return left >= needed
            ? null
            : string.Create(CultureInfo.InvariantCulture,
                $"The process may use {Gibibytes(limit)} GiB of address space (ulimit -v), of which {Gibibytes(left)} are left; libtorch and its BLAS need {Gibibytes(needed)}. Raise the limit, as with 'ulimit -v unlimited', and limit the memory itself instead (systemd-run -p MemoryMax=, a container).");
    }

    private static string Gibibytes(long bytes) => (bytes / (double)(1L << 30)).ToString("0.0", CultureInfo.InvariantCulture);
}
