using System.Diagnostics;
using Decant.Torch.Interop;
using Decant.Torch.Kernels;

namespace Decant.Torch;

/// <summary>What decides how fast libtorch runs here: the facts that a check of the machine reports.</summary>
internal sealed record Diagnostics
{
    /// <summary>The version of libtorch, as <see cref="Runtime.TorchVersion"/>.</summary>
    public required string TorchVersion { get; init; }

    /// <summary>The file of libtorch's CPU library.</summary>
    public required string TorchPath { get; init; }

    /// <summary>The file of the bridge.</summary>
    public required string BridgePath { get; init; }

    /// <summary>The BLAS that runs: <c>OpenBLAS</c>, <c>MKL</c>, <c>BLIS</c>, <c>ATLAS</c>, <c>reference</c> or <c>unknown</c>.</summary>
    public required string BlasName { get; init; }

    /// <summary>The file that the BLAS comes from; empty where it is unknown.</summary>
    public required string BlasPath { get; init; }

    /// <summary>The processor family that OpenBLAS took its kernels for, like <c>SkylakeX</c>; empty with another BLAS.</summary>
    public required string BlasKernels { get; init; }

    /// <summary>The <c>OPENBLAS_CORETYPE</c> that was in the environment already; null where it was not, so that Decant chose.</summary>
    public required string? ForcedBlasKernels { get; init; }

    /// <summary>How many cores .NET may use: the processor's, less what affinity and the container's quota take away.</summary>
    public required int Cores { get; init; }

    /// <summary>How many threads one operator uses, as <see cref="Runtime.Threads"/>.</summary>
    public required int Threads { get; init; }

    /// <summary>The OpenMP wait policy in force, as <see cref="Runtime.WaitPolicy"/>.</summary>
    public required string WaitPolicy { get; init; }

    /// <summary>How many CUDA devices libtorch sees.</summary>
    public required int CudaDevices { get; init; }

    /// <summary>Whether the BLAS is the reference implementation, which is many times slower than the others.</summary>
    public bool IsReferenceBlas => BlasName == "reference";

    /// <summary>Loads libtorch, if nothing has yet, and reads all of it. Takes milliseconds; measures nothing.</summary>
    /// <exception cref="TorchException">The bridge was not found or could not be loaded.</exception>
    public static Diagnostics Read()
    {
        var description = Runtime.Describe();
        var blas = Runtime.BlasPath;
        return new Diagnostics
        {
            TorchVersion = Runtime.TorchVersion,
            TorchPath = Runtime.TorchPath,
            BridgePath = Runtime.BridgePath,
            BlasName = BlasFacts.Name(blas, description),
            BlasPath = blas,
            BlasKernels = Runtime.Fact("openblas-core"),
            ForcedBlasKernels = KernelSetup.Forced,
            Cores = Environment.ProcessorCount,
            Threads = Runtime.Threads,
            WaitPolicy = Runtime.WaitPolicy,
            CudaDevices = Runtime.CudaDevices,
        };
    }

    /// <summary>Measures the product of two square float32 matrices, with the threads that are set, after two products to warm up.</summary>
    /// <param name="size">Rows and columns; 1024.</param>
    /// <param name="runs">How many products are timed; 11. The median counts.</param>
    /// <param name="device">Where; the CPU by default.</param>
    /// <returns>10⁹ floating-point operations per second, 2·size³ of them to a product.</returns>
    public static double MeasureGflops(int size = 1024, int runs = 11, Device device = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(size, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(runs, 1);
        using var scope = TensorScope.Open();
        using var noGrad = Autograd.NoGrad();
        var left = Tensor.Full([size, size], 0.5, DType.Float32, device);
        var right = Tensor.Full([size, size], 0.25, DType.Float32, device);
        for (var i = 0; i < 2; i++)
            Product(left, right);
        var seconds = Enumerable.Range(0, runs).Select(_ => Product(left, right)).Order().ToList();
        return 2.0 * size * size * size / seconds[runs / 2] / 1e9;
    }

    // Reading one element makes a GPU finish before the clock is read.
    private static double Product(Tensor left, Tensor right)
    {
        var start = Stopwatch.GetTimestamp();
        using var product = left.MatMul(right);
        if (product.Device.Kind != DeviceKind.Cpu)
        {
            using var corner = product.Narrow(0, 0, 1).Narrow(1, 0, 1);
            _ = corner.Item();
        }

        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }
}
