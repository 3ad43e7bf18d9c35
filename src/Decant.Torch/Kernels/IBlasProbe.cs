namespace Decant.Torch.Kernels;

/// <summary>The BLAS that comes with the bridge.</summary>
/// <param name="Blas">The file that <c>sgemm_</c> comes from; empty if none.</param>
/// <param name="OpenBlas">The file of OpenBLAS; empty with another BLAS.</param>
/// <param name="Version">What OpenBLAS says of its build.</param>
internal sealed record BlasLocation(string Blas, string OpenBlas, string Version);

/// <summary>Tries a BLAS in processes of their own.</summary>
internal interface IBlasProbe
{
    /// <summary>Which BLAS is loaded with the bridge; null when that could not be found out.</summary>
    BlasLocation? Locate(string bridge);

    /// <summary>Checks and measures kernels; null: OpenBLAS's own choice.</summary>
    KernelTrial Try(BlasLocation location, string? kernels);

    /// <summary>The rate of a product of square float32 matrices by the clock, 10⁹ operations a second; null when there was no answer.</summary>
    double? Product(BlasLocation location, string? kernels, int threads, int size, int runs);
}
