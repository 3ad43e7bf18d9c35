using System.Globalization;
using Decant.Torch.Interop;

namespace Decant.Torch;

/// <summary>How much more memory this process can take.</summary>
/// <param name="Bytes">Bytes: the least of what the machine has free (swap too), what the control group leaves, and what <c>ulimit -v</c> leaves.</param>
/// <param name="Limit">Which of them it is, for people: <c>this machine</c>, <c>this container</c> or <c>ulimit -v</c>.</param>
internal readonly record struct FreeMemory(long Bytes, string Limit)
{
    private const string ControlGroup = "/sys/fs/cgroup";

    /// <summary>What there is now. Where nothing can be known (other systems than Linux), what .NET says that the process may use.</summary>
    public static FreeMemory Now()
    {
        if (OperatingSystem.IsLinux() && Read(ProcessFiles.Lines) is { } known)
            return known;
        var facts = GC.GetGCMemoryInfo();
        return new FreeMemory(Math.Max(0, facts.TotalAvailableMemoryBytes - Environment.WorkingSet), "this machine");
    }

    /// <summary>The same from the lines of the system's files; null: they do not say.</summary>
    /// <param name="lines">The lines of a file; none where it is not there.</param>
    internal static FreeMemory? Read(Func<string, IReadOnlyList<string>> lines)
    {
        var all = new List<FreeMemory>();
        var machine = lines("/proc/meminfo");
        if (ProcessFiles.Number(machine, "MemAvailable:", 1) is { } available)
            all.Add(new((available + (ProcessFiles.Number(machine, "SwapFree:", 1) ?? 0)) << 10, "this machine"));
        foreach (var folder in Groups(lines("/proc/self/cgroup")))
        {
            if (One(lines($"{folder}/memory.max")) is { } most && One(lines($"{folder}/memory.current")) is { } used)
                all.Add(Left(most, used, ProcessFiles.Number(lines($"{folder}/memory.stat"), "inactive_file ", 1)));
        }

        if (One(lines($"{ControlGroup}/memory/memory.limit_in_bytes")) is { } old && One(lines($"{ControlGroup}/memory/memory.usage_in_bytes")) is { } usage)
            all.Add(Left(old, usage, ProcessFiles.Number(lines($"{ControlGroup}/memory/memory.stat"), "total_inactive_file ", 1)));
        if (ProcessFiles.Number(lines("/proc/self/limits"), "Max address space", 3) is { } limit && ProcessFiles.Number(lines("/proc/self/status"), "VmSize:", 1) is { } mapped)
            all.Add(new(Math.Max(0, limit - (mapped << 10)), "ulimit -v"));
        return all.Count == 0 ? null : all.MinBy(m => m.Bytes);
    }

    // A group is bounded by those around it too. In a container its own is the root.
    private static IEnumerable<string> Groups(IReadOnlyList<string> memberships)
    {
        var path = memberships.FirstOrDefault(l => l.StartsWith("0::", StringComparison.Ordinal))?[3..].TrimEnd('/') ?? "";
        for (; path.LastIndexOf('/') is >= 0 and var slash; path = path[..slash])
            yield return ControlGroup + path;
        yield return ControlGroup;
    }

    // Pages of files that were not used lately are freed when memory is needed.
    private static FreeMemory Left(long most, long used, long? reclaimable) => new(Math.Max(0, most - Math.Max(0, used - (reclaimable ?? 0))), "this container");

    private static long? One(IReadOnlyList<string> lines) =>
        lines.Count > 0 && long.TryParse(lines[0], NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
