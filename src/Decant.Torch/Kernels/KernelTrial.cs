namespace Decant.Torch.Kernels;

/// <summary>What OpenBLAS did when certain kernels were requested, in a process of its own.</summary>
internal sealed record KernelTrial
{
    /// <summary>The value of <c>OPENBLAS_CORETYPE</c>; null: the variable was not set, and OpenBLAS chose.</summary>
    public string? Asked { get; init; }

    /// <summary>The kernels that it took, by OpenBLAS's name; empty if it ended before it could say.</summary>
    public string Kernels { get; init; } = "";

    /// <summary>Why these kernels are not used: a wrong product, a signal that ended the process, no answer in time; null when nothing is wrong.</summary>
    public string? Fault { get; init; }

    /// <summary>The rate of a product 512 × 512 × 512 in float32 on one thread, 10⁹ operations a second of processor time; the best of what was measured.</summary>
    public double Square { get; init; }

    /// <summary>The same of 1200 × 128 × 784, a layer with a batch of 128.</summary>
    public double Thin { get; init; }

    /// <summary>The same of 1200 × 1 × 784, a layer with a batch of one.</summary>
    public double Vector { get; init; }

    /// <summary>Whether OpenBLAS took what was requested; it takes something else where it has no such kernels.</summary>
    public bool IsAccepted => Asked is null || string.Equals(Asked, Kernels, StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether these kernels can be chosen.</summary>
    public bool IsUsable => Fault is null && IsAccepted && Square > 0;

    /// <summary>The geometric mean of the three rates.</summary>
    internal double Mean => Math.Cbrt(Square * Thin * Vector);

    /// <summary>The better of two measurements of the same kernels; a fault in either stays.</summary>
    internal KernelTrial Best(KernelTrial other) => Fault is not null ? this : other.Fault is not null ? other : this with
    {
        Square = Math.Max(Square, other.Square),
        Thin = Math.Max(Thin, other.Thin),
        Vector = Math.Max(Vector, other.Vector),
    };
}
