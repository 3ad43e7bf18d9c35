using System.Globalization;
using System.Runtime.InteropServices;
using Decant.Torch;

namespace Decant.Jobs;

/// <summary>One fact about the machine, and what is wrong with it if anything is.</summary>
/// <param name="Key">Its name in JSON, like <c>blas</c>.</param>
/// <param name="Title">Its name for people.</param>
/// <param name="Value">What was found.</param>
/// <param name="Problem">What is wrong; null when nothing is.</param>
/// <param name="Mend">What to do about it.</param>
/// <param name="Fatal">Whether nothing works until it is mended.</param>
public sealed record DoctorFact(string Key, string Title, string Value, string? Problem = null, string? Mend = null, bool Fatal = false);

/// <summary>Looks at everything that Decant stands on.</summary>
public static class DoctorJob
{
    private const long ScarceDisk = 2L << 30;

    /// <summary>The facts, in the order in which they matter. Measures a matrix product, so it takes about a second.</summary>
    /// <param name="threads">The threads to measure with; null: one per core.</param>
    public static IReadOnlyList<DoctorFact> Run(int? threads = null)
    {
        var facts = new List<DoctorFact> { Sdk() };
        facts.AddRange(Torch(threads ?? Environment.ProcessorCount));
        facts.Add(Disk(Environment.CurrentDirectory));
        return facts;
    }

    private static DoctorFact Sdk() => new("dotnet", ".NET", $"{RuntimeInformation.FrameworkDescription} on {RuntimeInformation.OSDescription} ({RuntimeInformation.ProcessArchitecture})");

    private static IEnumerable<DoctorFact> Torch(int threads)
    {
        string version;
        try
        {
            version = Runtime.TorchVersion;
        }
        catch (TorchException error)
        {
            return [new DoctorFact("libtorch", "libtorch", "not loaded", error.Message, "In a clone, run ./decant doctor: the launcher installs libtorch and builds the bridge.", Fatal: true)];
        }

        Runtime.Threads = threads;
        var facts = Diagnostics.Read();
        return
        [
            Libtorch(version, facts),
            new("bridge", "bridge", facts.BridgePath),
            Blas(facts),
            new("threads", "threads", string.Create(CultureInfo.InvariantCulture, $"{facts.Threads} of {facts.Cores} cores")),
            WaitPolicy(facts),
            new("cuda_devices", "CUDA devices", facts.CudaDevices.ToString(CultureInfo.InvariantCulture)),
            new("gflops", "matrix product", string.Create(CultureInfo.InvariantCulture, $"{Diagnostics.MeasureGflops():0} GFLOP/s (float32, 1024×1024)")),
        ];
    }

    private static DoctorFact Libtorch(string version, Diagnostics facts)
    {
        var problem = TorchVersions.Problem(version);
        return new DoctorFact("libtorch", "libtorch", $"{version} in {Path.GetDirectoryName(facts.TorchPath)}", problem, problem is null ? null : TorchVersions.Mend, Fatal: problem is not null);
    }

    private static DoctorFact Blas(Diagnostics facts)
    {
        var name = facts.BlasKernels.Length > 0 ? $"{facts.BlasName} ({facts.BlasKernels} kernels)" : facts.BlasName;
        var fact = new DoctorFact("blas", "BLAS", $"{name} {facts.BlasPath}".Trim());
        if (facts.IsReferenceBlas)
            return fact with { Problem = "This is the reference BLAS, many times slower than OpenBLAS.", Mend = "apt-get install libopenblas0-pthread" };
        return facts.AreBlasKernelsHeldBack
            ? fact with { Problem = $"OPENBLAS_CORETYPE={facts.ForcedBlasKernels} keeps OpenBLAS from the AVX-512 kernels of this processor.", Mend = "unset OPENBLAS_CORETYPE" }
            : fact;
    }

    private static DoctorFact WaitPolicy(Diagnostics facts)
    {
        var passive = facts.WaitPolicy.Equals("PASSIVE", StringComparison.OrdinalIgnoreCase);
        return new DoctorFact("omp_wait_policy", "OpenMP wait policy", facts.WaitPolicy,
            passive ? null : "Waiting threads spin: on shared cores training becomes 3 to 5 times slower.",
            passive ? null : "unset OMP_WAIT_POLICY, or set it to PASSIVE");
    }

    private static DoctorFact Disk(string folder)
    {
        var free = new DriveInfo(Path.GetFullPath(folder)).AvailableFreeSpace;
        var scarce = free < ScarceDisk;
        return new DoctorFact("free_disk_bytes", "free disk", string.Create(CultureInfo.InvariantCulture, $"{free / (double)(1L << 30):0.0} GiB in {folder}"),
            scarce ? "A run needs room for its models and checkpoints." : null, scarce ? "Free some space, or choose another disk with --out." : null);
    }
}
