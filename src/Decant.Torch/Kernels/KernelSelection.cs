namespace Decant.Torch.Kernels;

/// <summary>Decides which kernels OpenBLAS is to take, before it is loaded.</summary>
/// <param name="processor">What the processor can execute.</param>
/// <param name="probe">Tries kernels in processes of their own; null: there is no such program.</param>
/// <param name="cache">Where findings are remembered.</param>
/// <param name="environment">The environment as the user set it.</param>
/// <param name="measuring">Is called before the first measurement, which takes some seconds; null: nothing is called.</param>
internal sealed class KernelSelection(Processor processor, IBlasProbe? probe, KernelCache cache, Func<string, string?> environment, Action? measuring = null)
{
    private readonly IReadOnlyList<KernelCandidate> _candidates = KernelCandidates.Of(processor);

    /// <summary>The user's choice, or the best of what was measured on this processor.</summary>
    /// <exception cref="KernelsUnavailableException">The user's choice would end this process.</exception>
    public KernelChoice Choose(string bridge)
    {
        if (environment(BlasProbe.Variable) is not { Length: > 0 } forced)
            return Unforced(bridge);
        if (!_candidates.Any(c => Same(c.Name, forced)) && Findings(bridge) is { Location: { OpenBlas.Length: > 0 } location } && probe!.Try(location, forced) is { Fault: { } fault, Kernels: var kernels } && Same(kernels, forced))
            throw new KernelsUnavailableException($"{BlasProbe.Variable}={forced} asks OpenBLAS for kernels that do not work on this processor: {fault}. Unset it: the best kernels are then chosen.");
        return new KernelChoice(KernelReason.Environment, forced);
    }

    /// <summary>The best of what was measured on this processor, regardless of the user's choice.</summary>
    public KernelChoice Unforced(string bridge)
    {
        if (Findings(bridge) is not { } findings)
            return ByFeatures();
        if (findings.Location.OpenBlas.Length == 0)
            return new KernelChoice(KernelReason.OtherBlas, null);
        return KernelChooser.Choose(_candidates, findings.Trials) is { } best
            ? new KernelChoice(KernelReason.Measured, best.Asked) { Kernels = best.Kernels, Trials = findings.Trials }
            : new KernelChoice(KernelReason.OpenBlas, null) { Trials = findings.Trials, Fault = "no kernels passed the correctness test" };
    }

    /// <summary>Certain kernels.</summary>
    /// <exception cref="KernelsUnavailableException">The environment asks for others, or these cannot be used here.</exception>
    public KernelChoice Require(string bridge, string kernels)
    {
        if (environment(BlasProbe.Variable) is { Length: > 0 } forced)
        {
            return Same(forced, kernels)
                ? new KernelChoice(KernelReason.Environment, forced)
                : throw new KernelsUnavailableException($"Expected OpenBLAS's {kernels} kernels, but the environment has {BlasProbe.Variable}={forced}. Unset it, or set it to {kernels}.");
        }

        if (Findings(bridge) is not { } findings)
            return new KernelChoice(KernelReason.Required, _candidates.Any(c => Same(c.Name, kernels)) ? kernels : null) { Fault = NoProbe };
        if (findings.Location.OpenBlas.Length == 0)
            throw new KernelsUnavailableException($"Expected OpenBLAS's {kernels} kernels, but the BLAS that libtorch comes with is not OpenBLAS{(findings.Location.Blas.Length > 0 ? $": {findings.Location.Blas}" : "")}.");
        var trial = findings.Trials.FirstOrDefault(t => t.IsUsable && Same(t.Kernels, kernels)) ?? probe!.Try(findings.Location, kernels);
        if (trial.Fault is { } fault)
            throw new KernelsUnavailableException($"Expected OpenBLAS's {kernels} kernels, but they do not work on this processor: {fault}.");
        if (!Same(trial.Kernels, kernels))
            throw new KernelsUnavailableException($"Expected OpenBLAS's {kernels} kernels, but on this processor {findings.Location.OpenBlas} takes its {trial.Kernels} kernels when asked for them.");
        return new KernelChoice(KernelReason.Required, trial.Asked) { Kernels = trial.Kernels, Trials = findings.Trials };
    }

    /// <summary>What is known of the BLAS here, measured now if it never was; null when it cannot be measured.</summary>
    public KernelFindings? Findings(string bridge)
    {
        if (probe is null)
            return null;
        var key = KernelCache.Key(processor, bridge, environment);
        if (cache.Read(key) is { } known)
            return known;
        using var alone = cache.Lock(key);
        if (cache.Read(key) is { } measuredMeanwhile)
            return measuredMeanwhile;
        measuring?.Invoke();
        if (probe.Locate(bridge) is not { } location)
            return null;
        IReadOnlyList<KernelTrial> trials = location.OpenBlas.Length > 0 ? KernelMeasurement.Run(_candidates, kernels => probe.Try(location, kernels)) : [];
        var findings = new KernelFindings { Key = key, Location = location, Files = KernelCache.Files(location), Trials = trials };
        cache.Write(findings);
        return findings;
    }

    private string NoProbe => probe is null ? $"{BlasProbe.FileName} is not beside the bridge" : $"{BlasProbe.FileName} could not load the bridge";

    // Unmeasured, only what has proved itself for years.
    private KernelChoice ByFeatures() => _candidates.FirstOrDefault(c => c.IsCommon) is { } candidate
        ? new KernelChoice(KernelReason.Features, candidate.Name) { Fault = NoProbe }
        : new KernelChoice(KernelReason.OpenBlas, null) { Fault = NoProbe };

    private static bool Same(string one, string other) => string.Equals(one, other, StringComparison.OrdinalIgnoreCase);
}
