using Decant.Torch.Kernels;

namespace Decant.Runs.Hardware;

/// <summary>Says why the first run on a machine begins some seconds later.</summary>
public static class KernelNotice
{
    /// <summary>Tells when OpenBLAS's kernels are about to be measured.</summary>
    /// <param name="tell">Is told a line.</param>
    public static void To(Action<string> tell)
    {
        ArgumentNullException.ThrowIfNull(tell);
        OpenBlasKernels.Measuring += () => tell("decant: measuring which of OpenBLAS's kernels are the fastest on this processor (once, a few seconds)");
    }
}
