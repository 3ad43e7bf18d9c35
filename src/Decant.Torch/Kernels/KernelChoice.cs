namespace Decant.Torch.Kernels;

/// <summary>Why OpenBLAS computes with the kernels it does.</summary>
internal enum KernelReason
{
    /// <summary>The BLAS is not OpenBLAS: nothing was done.</summary>
    OtherBlas,

    /// <summary>The environment already had <c>OPENBLAS_CORETYPE</c>: it was left as it is.</summary>
    Environment,

    /// <summary>They were requested with <see cref="OpenBlasKernels.Require"/>.</summary>
    Required,

    /// <summary>They passed the correctness test and were the fastest of those that did.</summary>
    Measured,

    /// <summary>The processor has the instructions; nothing could be measured.</summary>
    Features,

    /// <summary>OpenBLAS chose: nothing could be measured, and no feature of the processor is known.</summary>
    OpenBlas,
}

/// <summary>The kernels that were chosen before libtorch was loaded.</summary>
/// <param name="Reason">Why.</param>
/// <param name="Name">The value of <c>OPENBLAS_CORETYPE</c>; null where it was left unset, since OpenBLAS takes the same by itself.</param>
internal sealed record KernelChoice(KernelReason Reason, string? Name)
{
    /// <summary>What was tried, OpenBLAS's own choice first; empty where nothing was.</summary>
    public IReadOnlyList<KernelTrial> Trials { get; init; } = [];

    /// <summary>What OpenBLAS called the chosen kernels when they were tried; null where they were not.</summary>
    public string? Kernels { get; init; }

    /// <summary>Why nothing could be measured; null where it was, or did not have to be.</summary>
    public string? Fault { get; init; }
}
