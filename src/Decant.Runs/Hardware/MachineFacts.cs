using System.Runtime.InteropServices;
using Decant.Runs.Reports.Record;
using Decant.Torch;
using Decant.Torch.Kernels;

namespace Decant.Runs.Hardware;

/// <summary>What the machine is, and the threads in use.</summary>
internal static class MachineFacts
{
    /// <summary>Sets the threads and returns what is there.</summary>
    /// <param name="threads">Null: one per core.</param>
    /// <param name="kernels">The kernels that OpenBLAS must compute with; null: those that are the best here.</param>
    /// <exception cref="DecantException">libtorch cannot be loaded, or is of a version that Decant does not know.</exception>
    /// <exception cref="KernelsUnavailableException">OpenBLAS cannot compute with those kernels here.</exception>
    public static Machine Prepare(int? threads, string? kernels = null)
    {
        try
        {
            if (!string.IsNullOrEmpty(kernels))
                OpenBlasKernels.Require(kernels);
            if (TorchVersions.Problem(Runtime.TorchVersion) is { } problem)
                throw new DecantException($"{problem} {TorchVersions.Remedy}", ExitCodes.Machine);
        }
        catch (Exception error) when (error is TorchException || (error is KernelsUnavailableException && string.IsNullOrEmpty(kernels)))
        {
            throw new DecantException($"{error.Message}\n'decant doctor' looks at the whole machine.", ExitCodes.Machine, error);
        }

        Runtime.Threads = threads ?? Environment.ProcessorCount;
        var facts = Diagnostics.Read();
        return new Machine
        {
            Cpu = Cpu(),
            Cores = Environment.ProcessorCount,
            Threads = Runtime.Threads,
            Os = RuntimeInformation.OSDescription,
            Libtorch = Runtime.TorchVersion,
            Blas = facts.BlasName,
            BlasKernels = facts.BlasKernels,
        };
    }

    private static string Cpu()
    {
        try
        {
            var line = File.ReadLines("/proc/cpuinfo").FirstOrDefault(l => l.StartsWith("model name", StringComparison.Ordinal));
            return line?.Split(':', 2)[1].Trim() ?? RuntimeInformation.ProcessArchitecture.ToString();
        }
        catch (IOException)
        {
            return RuntimeInformation.ProcessArchitecture.ToString();
        }
    }
}
