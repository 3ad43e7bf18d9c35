using System.Globalization;

namespace Decant.Cli.Hosting;

/// <summary>Limits that a shell (<c>ulimit</c>), a service manager or a container put on the process, and errors that come of them.</summary>
internal static class ProcessLimits
{
    private const int TooManyOpenFiles = 24; // EMFILE
    private const long EnoughFiles = 256;

    /// <summary>What a fault has to do with a limit; null: nothing.</summary>
    public static string? Explain(Exception fault)
    {
        var causes = Causes(fault).ToList();
        var isOpening = causes.Any(c => c is IOException && (c.HResult & 0xffff) == TooManyOpenFiles);
        // What cannot be opened for want of a descriptor is said not to be there.
        var isLoading = causes.Any(c => c is FileNotFoundException or FileLoadException or DllNotFoundException) && OpenFiles() is < EnoughFiles;
        return isOpening || isLoading
            ? $"Too few files may be open at once ({Limit(OpenFiles())}): raise the limit, as with 'ulimit -n {EnoughFiles}', and run the same command again."
            : null;
    }

    private static IEnumerable<Exception> Causes(Exception? fault)
    {
        for (; fault is not null; fault = fault.InnerException)
            yield return fault;
    }

    private static string Limit(long? files) => files is { } n ? string.Create(CultureInfo.InvariantCulture, $"'ulimit -n' is {n}") : "'ulimit -n'";

    /// <summary>How many files may be open; null where that cannot be known, as when no further one may be opened.</summary>
    private static long? OpenFiles()
    {
        try
        {
            var line = File.ReadLines("/proc/self/limits").FirstOrDefault(l => l.StartsWith("Max open files", StringComparison.Ordinal));
            return line?.Split(' ', StringSplitOptions.RemoveEmptyEntries) is [_, _, _, var soft, ..] && long.TryParse(soft, CultureInfo.InvariantCulture, out var value) ? value : null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return (error.HResult & 0xffff) == TooManyOpenFiles ? 0 : null;
        }
    }
}
