using System.Runtime.InteropServices;

namespace Decant.Cli.Hosting;

internal static class ProcessEnd
{
    /// <summary>Ends the process without running anything more: a native library in the middle of its work would crash or hang in its own clean-up.</summary>
    /// <param name="exitCode">The exit code.</param>
    /// <param name="isTerminal">Whether a display may have hidden the cursor, which must come back.</param>
    public static void AtOnce(int exitCode, bool isTerminal)
    {
        // The bare stream: the console's writer may be locked by the very thread that hangs.
        if (isTerminal) Console.OpenStandardOutput().Write("\u001b[?25h\n"u8);
        if (OperatingSystem.IsWindows()) Environment.Exit(exitCode);
        Exit(exitCode);
    }

    [DllImport("libc", EntryPoint = "_exit")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern void Exit(int exitCode);
}
