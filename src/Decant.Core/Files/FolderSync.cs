using System.Runtime.InteropServices;
using System.Text;

namespace Decant.Files;

/// <summary>Makes names durable: on Unix a file's name is its folder's content, and lost with the power unless the folder is flushed too.</summary>
internal static class FolderSync
{
    private const int ReadOnly = 0;
    private const int PermissionDenied = 13, InvalidArgument = 22;

    /// <summary>Flushes a folder's entries to the disk. Does nothing on Windows, where file systems do so by themselves.</summary>
    /// <exception cref="IOException">The disk is gone.</exception>
    public static void Flush(string folder)
    {
        if (OperatingSystem.IsWindows())
            return;
        var descriptor = Open(Encoding.UTF8.GetBytes(folder + "\0"), ReadOnly);
        // A folder that may be written but not read cannot be flushed by its user.
        if (descriptor < 0 && Marshal.GetLastPInvokeError() == PermissionDenied)
            return;
        if (descriptor < 0)
            throw new IOException($"The folder {folder} cannot be opened to flush it: {Marshal.GetLastPInvokeErrorMessage()}.");
        try
        {
            // Some file systems (FUSE, network) cannot flush folders and say EINVAL; there is nothing more to be had from them.
            if (Synchronize(descriptor) != 0 && Marshal.GetLastPInvokeError() is not InvalidArgument)
                throw new IOException($"The folder {folder} cannot be flushed: {Marshal.GetLastPInvokeErrorMessage()}.");
        }
        finally
        {
            _ = Close(descriptor);
        }
    }

    [DllImport("libc", EntryPoint = "open", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Open(byte[] path, int flags);

    [DllImport("libc", EntryPoint = "fsync", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Synchronize(int descriptor);

    [DllImport("libc", EntryPoint = "close")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Close(int descriptor);
}
