using System.Runtime.InteropServices;
using Decant.Reports;
using Decant.Torch;

namespace Decant.Jobs;

/// <summary>What the machine is, and the threads it is asked to use.</summary>
internal static class MachineFacts
{
    /// <summary>Sets the threads and tells what is there.</summary>
    /// <param name="threads">Null: one per core.</param>
    /// <exception cref="DecantException">libtorch cannot be loaded, or is of a version that Decant does not know.</exception>
    public static Machine Prepare(int? threads)
    {
        try
        {
            if (TorchVersions.Problem(Runtime.TorchVersion) is { } problem)
                throw new DecantException($"{problem} {TorchVersions.Mend}", ExitCodes.Machine);
        }
        catch (TorchException error)
        {
            throw new DecantException($"{error.Message}\n'decant doctor' looks at the whole machine.", ExitCodes.Machine, error);
        }

        Runtime.Threads = threads ?? Environment.ProcessorCount;
        return new Machine
        {
            Cpu = Cpu(),
            Cores = Environment.ProcessorCount,
            Threads = Runtime.Threads,
            Os = RuntimeInformation.OSDescription,
            Libtorch = Runtime.TorchVersion,
            Blas = Diagnostics.Read().BlasName,
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
