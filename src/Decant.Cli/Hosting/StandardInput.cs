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
            // The end to write to of a pipe from another process is not open here; the runtime has copies of the end to read from.
            return input is null || (input.StartsWith("pipe:", StringComparison.Ordinal)
                && Directory.EnumerateFileSystemEntries(descriptors).Any(d => Target(d) == input && IsWritten(Path.GetFileName(d))));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <summary>Whether a descriptor was opened for writing.</summary>
    private static bool IsWritten(string descriptor)
    {
        try
        {
            const string flags = "flags:";
            var line = File.ReadLines($"/proc/self/fdinfo/{descriptor}").FirstOrDefault(l => l.StartsWith(flags, StringComparison.Ordinal));
            return line is not null && (Convert.ToInt32(line[flags.Length..].Trim(), 8) & 3) != 0; // octal; O_RDONLY is 0
        }
        catch (Exception error) when (error is IOException or FormatException or OverflowException)
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
