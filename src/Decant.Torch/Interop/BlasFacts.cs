namespace Decant.Torch.Interop;

/// <summary>Which BLAS a file is, judged by where its symbols come from and by what libtorch says of its build.</summary>
internal static class BlasFacts
{
    /// <summary>The name of the BLAS.</summary>
    /// <param name="path">The file that <c>sgemm_</c> comes from; empty if none.</param>
    /// <param name="description">What the bridge says of the runtime.</param>
    public static string Name(string path, string description)
    {
        if (Names(description, "\nopenblas-config=") || Names(path, "openblas"))
            return "OpenBLAS";
        if (Names(path, "mkl"))
            return "MKL";
        if (Names(path, "blis"))
            return "BLIS";
        if (Names(path, "atlas"))
            return "ATLAS";

        // Distributions name the reference implementation libblas, and its folder blas or netlib.
        if (Names(Path.GetFileName(path), "libblas") || Names(Path.GetFileName(path), "libcblas") || Names(path, "netlib"))
            return "reference";
        return Names(description, "BLAS_INFO=mkl") ? "MKL" : Names(description, "BLAS_INFO=open") ? "OpenBLAS" : "unknown";
    }

    private static bool Names(string text, string part) => text.Contains(part, StringComparison.OrdinalIgnoreCase);
}
