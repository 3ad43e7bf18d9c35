using Decant.Torch.Interop;

namespace Decant.Torch.Kernels;

/// <summary>Which of OpenBLAS's kernels compute the matrix products.</summary>
/// <remarks>
/// OpenBLAS has kernels for many processors and takes some when it is loaded; on processors that are newer than itself these can be several times slower than
/// others that it has. So before libtorch is loaded, the kernels that this processor can execute are tried in processes of their own, and
/// <c>OPENBLAS_CORETYPE</c> is set for the best. What was measured is remembered in the user's cache. A variable that is set already is left alone.
/// </remarks>
internal static class OpenBlasKernels
{
    /// <summary>Raised before kernels are measured, which takes some seconds and happens once on a machine. On the thread that loads libtorch.</summary>
    public static event Action? Measuring;

    /// <summary>What was chosen, and why. Loads libtorch, if nothing has yet.</summary>
    /// <exception cref="TorchException">The bridge was not found or could not be loaded.</exception>
    public static KernelChoice Choice
    {
        get
        {
            RuntimeCalls.Load();
            return KernelSetup.Choice;
        }
    }

    /// <summary>Loads libtorch with certain kernels: those that something was begun with, and can only be gone on with bit for bit by them.</summary>
    /// <param name="kernels">Their name, as <see cref="Diagnostics.BlasKernels"/> has it.</param>
    /// <exception cref="TorchException">The bridge was not found or could not be loaded.</exception>
    /// <exception cref="KernelsUnavailableException">
    /// libtorch is loaded with others already; the environment asks for others; they do not work on this processor; or the BLAS is not OpenBLAS.
    /// </exception>
    public static void Require(string kernels)
    {
        ArgumentException.ThrowIfNullOrEmpty(kernels);
        KernelSetup.Require(kernels);
        var loaded = RuntimeCalls.Fact("openblas-core");
        if (string.Equals(loaded, kernels, StringComparison.OrdinalIgnoreCase))
            return;
        throw new KernelsUnavailableException(loaded.Length > 0
            ? $"Expected OpenBLAS's {kernels} kernels, but this process has loaded libtorch with its {loaded} kernels, and cannot load it again. Use a new process."
            : $"Expected OpenBLAS's {kernels} kernels, but this process has loaded libtorch with another BLAS: {RuntimeCalls.Fact("blas-file")}.");
    }

    /// <summary>Measures a product of square float32 matrices under every choice of kernels that works here, each in a process of its own.</summary>
    /// <param name="threads">How many threads.</param>
    /// <param name="size">Rows and columns; 1024.</param>
    /// <param name="rounds">How often each is measured, in turn; 1. The best counts.</param>
    /// <returns>10⁹ operations a second by the name of the kernels, as they were tried; empty where the BLAS is another, or nothing can be measured.</returns>
    public static IReadOnlyDictionary<string, double> MeasureProducts(int threads, int size = 1024, int rounds = 1)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(size, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(rounds, 1);
        RuntimeCalls.Load();
        return KernelSetup.Products(RuntimeCalls.Fact("openblas-core"), threads, size, rounds);
    }

    /// <summary>What is chosen where the environment has no <c>OPENBLAS_CORETYPE</c>; measured now if it never was.</summary>
    /// <exception cref="TorchException">The bridge was not found or could not be loaded.</exception>
    public static KernelChoice Unforced()
    {
        RuntimeCalls.Load();
        return KernelSetup.Unforced();
    }

    internal static void RaiseMeasuring() => Measuring?.Invoke();
}
