using System.Globalization;

namespace Decant.Bench;

/// <summary>What Linux says of this process; 0 on other systems.</summary>
internal static class ProcessFigures
{
    /// <summary>The most memory that it ever had, bytes.</summary>
    public static long PeakBytes() => Status("VmHWM:");

    /// <summary>The memory that it has now, bytes.</summary>
    public static long ResidentBytes() => Status("VmRSS:");

    /// <summary>How many files, pipes and sockets it holds open.</summary>
    public static int OpenHandles() => OperatingSystem.IsLinux() ? Directory.GetFiles("/proc/self/fd").Length : 0;

    private static long Status(string key)
    {
        if (!OperatingSystem.IsLinux())
            return 0;
        var line = File.ReadLines("/proc/self/status").FirstOrDefault(l => l.StartsWith(key, StringComparison.Ordinal));
        return line is null ? 0 : 1024 * long.Parse(line[key.Length..^2], NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture);
    }
}
