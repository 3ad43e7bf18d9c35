using System.Runtime.InteropServices;

namespace Decant.Cli;

internal static class ProcessEnd
{
    /// <summary>Ends the process without running anything more: a native library in the middle of its work would crash or hang in its own clean-up.</summary>
    public static void AtOnce(int exitCode)
    {
        if (OperatingSystem.IsWindows()) Environment.Exit(exitCode);
        Exit(exitCode);
    }

    [DllImport("libc", EntryPoint = "_exit")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern void Exit(int exitCode);
}
