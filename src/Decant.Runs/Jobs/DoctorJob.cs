using System.Globalization;
using System.Runtime.InteropServices;
using Decant.Runs.Hardware;
using Decant.Torch;
using Decant.Torch.Kernels;

namespace Decant.Runs.Jobs;

/// <summary>One fact about the machine, and what is wrong with it if anything is.</summary>
/// <param name="Key">Its name in JSON, like <c>blas</c>.</param>
/// <param name="Title">Its name for people.</param>
/// <param name="Value">What was found.</param>
/// <param name="Problem">What is wrong; null when nothing is.</param>
/// <param name="Remedy">What to do about it.</param>
/// <param name="Fatal">Whether nothing works until it is fixed.</param>
internal sealed record DoctorFact(string Key, string Title, string Value, string? Problem = null, string? Remedy = null, bool Fatal = false)
{
    /// <summary>GFLOP/s by name, where the fact is about rates.</summary>
    public IReadOnlyDictionary<string, double>? Figures { get; init; }
}

/// <summary>Checks the installation: everything that Decant depends on.</summary>
internal static class DoctorJob
{
    private const long ScarceDisk = 2L << 30;
    private const int Products = 11;
    private const int Attempts = 4;

    /// <summary>The facts, in the order in which they matter. Measures a matrix product under every choice of kernels, so it takes some seconds.</summary>
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

        catch (KernelsUnavailableException error)
        {
            return [new DoctorFact("libtorch", "libtorch", "not loaded", error.Message, "unset OPENBLAS_CORETYPE", Fatal: true)];
        }

        Runtime.Threads = threads;
        var facts = Diagnostics.Read();
        var kernels = Kernels(facts, threads);
        return new List<DoctorFact?>
        {
            Libtorch(version, facts),
            new("bridge", "bridge", facts.BridgePath),
            Blas(facts),
            kernels.Kernels(),
            new("threads", "threads", string.Create(CultureInfo.InvariantCulture, $"{facts.Threads} of {facts.Cores} cores")),
            WaitPolicy(facts),
            new("cuda_devices", "CUDA devices", facts.CudaDevices.ToString(CultureInfo.InvariantCulture)),
            kernels.Rate(),
        }.OfType<DoctorFact>();
    }

    // What else runs takes its share now and then: only what stays slow in every attempt is slow.
    private static DoctorKernels Kernels(Diagnostics facts, int threads)
    {
        var (choice, unforced) = (OpenBlasKernels.Choice, OpenBlasKernels.Unforced());
        DoctorKernels? best = null;
        for (var attempt = 0; attempt < Attempts && best is not { IsFast: true } and not { AreKernelsFarFromBest: true }; attempt++)
        {
            var products = OpenBlasKernels.MeasureProducts(threads);
            var kernels = new DoctorKernels(facts.BlasKernels, choice, unforced, products, Enumerable.Range(0, Products).Max(_ => Diagnostics.MeasureGflops(runs: 1)));
            best = best is null || kernels.Share > best.Share ? kernels : best;
        }

        return best!;
    }

    private static DoctorFact Libtorch(string version, Diagnostics facts)
    {
        var problem = TorchVersions.Problem(version);
        return new DoctorFact("libtorch", "libtorch", $"{version} in {Path.GetDirectoryName(facts.TorchPath)}", problem, problem is null ? null : TorchVersions.Remedy, Fatal: problem is not null);
    }

    private static DoctorFact Blas(Diagnostics facts)
    {
        var fact = new DoctorFact("blas", "BLAS", $"{facts.BlasName} {facts.BlasPath}".Trim());
        return facts.IsReferenceBlas
            ? fact with { Problem = "This is the reference BLAS, many times slower than OpenBLAS.", Remedy = "apt-get install libopenblas0-pthread" }
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
