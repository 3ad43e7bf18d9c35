namespace Decant.Torch.Kernels;

/// <summary>Chooses among kernels that were measured. Nothing but the measurements and the order of the candidates decides.</summary>
internal static class KernelChooser
{
    /// <summary>What the large product must reach of the best one's rate.</summary>
    public const double LeastOfBest = 0.9;

    /// <summary>How much faster, over the three shapes, kernels must be than those that are preferred to them.</summary>
    private const double Margin = 1.1;

    /// <summary>The best kernels; null when none can be used.</summary>
    /// <param name="candidates">In the order in which near equals are preferred.</param>
    /// <param name="trials">Of the candidates, and of OpenBLAS's own choice.</param>
    public static KernelTrial? Choose(IReadOnlyList<KernelCandidate> candidates, IReadOnlyList<KernelTrial> trials)
    {
        var usable = Preferred(candidates, trials).ToList();
        if (usable.Count == 0)
            return null;
        var square = usable.Max(t => t.Square);
        var fast = usable.Where(t => t.Square >= LeastOfBest * square).ToList();
        var mean = fast.Max(t => t.Mean);
        return fast.First(t => t.Mean * Margin >= mean);
    }

    /// <summary>The kernels that are expected to be the best before anything is measured; null when none can be used.</summary>
    public static KernelTrial? Expected(IReadOnlyList<KernelCandidate> candidates, IReadOnlyList<KernelTrial> trials) => Preferred(candidates, trials).FirstOrDefault();

    /// <summary>What can be chosen, the preferred first, and the same kernels once: unforced where OpenBLAS takes them by itself.</summary>
    public static IEnumerable<KernelTrial> Preferred(IReadOnlyList<KernelCandidate> candidates, IReadOnlyList<KernelTrial> trials) => trials
        .Where(t => t.IsUsable)
        .OrderBy(t => Rank(candidates, t.Kernels))
        .ThenBy(t => t.Asked is null ? 0 : 1)
        .DistinctBy(t => t.Kernels, StringComparer.OrdinalIgnoreCase);

    // What OpenBLAS chose and no feature speaks for comes after what features speak for.
    private static int Rank(IReadOnlyList<KernelCandidate> candidates, string kernels)
    {
        for (var i = 0; i < candidates.Count; i++)
        {
            if (string.Equals(candidates[i].Name, kernels, StringComparison.OrdinalIgnoreCase))
                return i;
        }

        return candidates.Count;
    }
}
