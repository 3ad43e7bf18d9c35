using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using Decant.Torch.Interop;

namespace Decant.Torch.Kernels;

/// <summary>The choice of kernels of this process: made once, before libtorch is loaded.</summary>
internal static class KernelSetup
{
    private const int ProductRuns = 3;

    private static readonly Lock s_gate = new();
    private static string? s_forced;
    private static KernelChoice? s_choice;

    public static KernelChoice Choice => s_choice ?? new KernelChoice(KernelReason.OpenBlas, null) { Fault = "libtorch was not loaded by Decant" };

    /// <summary>What the user set <c>OPENBLAS_CORETYPE</c> to; null where nothing.</summary>
    public static string? Forced => s_choice is null ? User() : s_forced;

    /// <summary>Runs before any other code of the assembly can: nothing loads libtorch without the choice.</summary>
    [ModuleInitializer]
    [SuppressMessage("Usage", "CA2255", Justification = "Interop must not know the kernels, and no caller may be able to forget them.")]
    internal static void Register() => Native.PrepareBy(Prepare);

    /// <summary>Chooses kernels and sets the variable, unless that is done.</summary>
    public static void Prepare() => Prepare((selection, bridge) => selection.Choose(bridge));

    /// <summary>The same, with certain kernels.</summary>
    public static void Require(string kernels) => Prepare((selection, bridge) => selection.Require(bridge, kernels));

    /// <summary>What is chosen for the bridge that was loaded where the environment has no variable.</summary>
    public static KernelChoice Unforced() => Selection(Native.LoadedFrom).Unforced(Native.LoadedFrom);

    public static IReadOnlyDictionary<string, double> Products(string running, int threads, int size, int rounds)
    {
        var best = new Dictionary<string, double>(StringComparer.OrdinalIgnoreCase);
        if (Selection(Native.LoadedFrom).Findings(Native.LoadedFrom) is not { Location.OpenBlas.Length: > 0 } findings || Probe(Native.LoadedFrom) is not { } probe)
            return best;
        var usable = findings.Trials.Where(t => t.IsUsable).DistinctBy(t => t.Kernels, StringComparer.OrdinalIgnoreCase).Select(t => (Name: t.Kernels, t.Asked)).ToList();
        if (!usable.Exists(t => string.Equals(t.Name, running, StringComparison.OrdinalIgnoreCase)))
            usable.Insert(0, (running, s_forced));
        for (var round = 0; round < rounds; round++)
        {
            foreach (var (name, asked) in usable)
            {
                if (probe.Product(findings.Location, asked, threads, size, ProductRuns) is { } rate)
                    best[name] = Math.Max(best.GetValueOrDefault(name), rate);
            }
        }

        return best;
    }

    private static void Prepare(Func<KernelSelection, string, KernelChoice> choose)
    {
        lock (s_gate)
        {
            if (s_choice is not null || Native.IsLoaded || Native.Candidates().FirstOrDefault(File.Exists) is not { } bridge)
                return;
            var forced = User();
            var choice = choose(Selection(bridge), bridge);
            if (choice.Name is { } name && choice.Reason is not KernelReason.Environment)
                NativeEnvironment.Set(BlasProbe.Variable, name);
            (s_forced, s_choice) = (forced, choice);
        }
    }

    private static KernelSelection Selection(string bridge)
    {
        var cache = UserCache.Folder is { } folder ? Path.Combine(folder, "decant", "kernels") : null;
        return new KernelSelection(Processor.Current(), Probe(bridge), new KernelCache(cache), name => name == BlasProbe.Variable ? Forced : NativeEnvironment.Get(name), OpenBlasKernels.RaiseMeasuring);
    }

    private static BlasProbe? Probe(string bridge)
    {
        var real = new FileInfo(bridge).ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? bridge;
        return new[] { bridge, real }.Select(file => Path.Combine(Path.GetDirectoryName(Path.GetFullPath(file))!, BlasProbe.FileName)).FirstOrDefault(File.Exists) is { } program
            ? new BlasProbe(program)
            : null;
    }

    private static string? User() => NativeEnvironment.Get(BlasProbe.Variable) is { Length: > 0 } value ? value : null;
}
