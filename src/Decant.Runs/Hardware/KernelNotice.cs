using Decant.Torch.Kernels;

namespace Decant.Runs.Hardware;

/// <summary>Says why the first run on a machine begins some seconds later.</summary>
internal static class KernelNotice
{
    /// <summary>Reports when OpenBLAS's kernels are about to be measured.</summary>
    /// <param name="report">Gets one line of text.</param>
    public static void To(Action<string> report)
    {
        ArgumentNullException.ThrowIfNull(report);
        OpenBlasKernels.Measuring += () => report("decant: measuring which of OpenBLAS's kernels are the fastest on this processor (once, a few seconds)");
    }
}
