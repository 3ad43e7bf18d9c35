namespace Decant.Torch.Kernels;

/// <summary>Tries OpenBLAS's own choice and the candidates in turn.</summary>
internal static class KernelMeasurement
{
    private const int Generations = 2;
    private const int Rounds = 3;
    private const int MostRounds = 7;

    /// <summary>Tries candidates from the newest on until two generations of kernels are usable, then measures those again.</summary>
    /// <param name="candidates">In the order in which near equals are preferred.</param>
    /// <param name="attempt">Tries kernels once, in a process of its own; null: OpenBLAS's own choice.</param>
    /// <remarks>
    /// What else the machine does can halve a rate, so the kernels take turns and the best of each counts. Where an older generation seems to win, there are
    /// more rounds before that is believed.
    /// </remarks>
    public static IReadOnlyList<KernelTrial> Run(IReadOnlyList<KernelCandidate> candidates, Func<string?, KernelTrial> attempt)
    {
        var trials = new List<KernelTrial> { attempt(null) };
        var generations = new HashSet<int>();
        foreach (var candidate in candidates)
        {
            if (!generations.Contains(candidate.Generation) && generations.Count == Generations)
                break;
            if (string.Equals(candidate.Name, trials[0].Kernels, StringComparison.OrdinalIgnoreCase) && trials[0].IsUsable)
            {
                generations.Add(candidate.Generation);
                continue;
            }

            var trial = attempt(candidate.Name);
            trials.Add(trial);
            if (trial.IsUsable)
                generations.Add(candidate.Generation);
        }

        for (var round = 1; round < Rounds || (round < MostRounds && KernelChooser.Choose(candidates, trials) != KernelChooser.Expected(candidates, trials)); round++)
        {
            for (var i = 0; i < trials.Count; i++)
            {
                if (trials[i].IsUsable)
                    trials[i] = trials[i].Best(attempt(trials[i].Asked));
            }
        }

        return trials;
    }
}
