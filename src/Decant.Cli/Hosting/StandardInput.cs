namespace Decant.Cli.Hosting;

/// <summary>The process's input; where it was closed before the start, an empty one.</summary>
internal static class StandardInput
{
    /// <summary>A reader of it.</summary>
    /// <remarks>
    /// The descriptor of a closed input is given to the next file that is opened: one of the runtime's own, such as a pipe from one of its threads to
    /// another, whose end never comes.
    /// </remarks>
    public static TextReader Open() => IsTaken() ? TextReader.Null : Console.In;

    private static bool IsTaken()
    {
        try
        {
            const string descriptors = "/proc/self/fd";
            if (!OperatingSystem.IsLinux())
                return false;
            var input = Target($"{descriptors}/0");
            // The other end of a pipe from another process is not open here.
            return input is null || (input.StartsWith("pipe:", StringComparison.Ordinal)
                && Directory.EnumerateFileSystemEntries(descriptors).Any(d => Path.GetFileName(d) is not ("0" or "1" or "2") && Target(d) == input));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static string? Target(string descriptor)
    {
        try
        {
            return new FileInfo(descriptor).LinkTarget is { } target ? Path.GetFileName(target) : null;
        }
        catch (IOException)
        {
            return null; // closed since it was listed
        }
    }
}
