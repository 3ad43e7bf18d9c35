using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Decant.Files;

/// <summary>A lock that is held through a file, so that two processes take turns. The system lets go of it when its process ends, however it ends; the file stays.</summary>
/// <remarks>
/// On Unix this is flock(2), which Python's <c>filelock</c> uses too, asked for by us: .NET's own locking of opened files can be switched off, and is off by itself where a file
/// system has none. Where flock is not supported either, the lock is always had.
/// </remarks>
internal sealed class FileLock : IDisposable
{
    private const int Exclusive = 2, NotBlocking = 4;
    private const int WouldBlock = 11, WouldBlockOnMac = 35;

    private readonly FileStream _file;

    private FileLock(FileStream file) => _file = file;

    /// <summary>Takes the lock if it is free.</summary>
    /// <param name="path">The file, made if it is not there; its folder must exist.</param>
    /// <returns>The lock; null: another holds it.</returns>
    /// <exception cref="IOException">The file cannot be made or opened.</exception>
    /// <exception cref="UnauthorizedAccessException">The same, for lack of permission.</exception>
    public static FileLock? TryTake(string path)
    {
        FileStream file;
        try
        {
            file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, OperatingSystem.IsWindows() ? FileShare.None : FileShare.ReadWrite);
        }
        catch (IOException error) when (IsTaken(error.HResult & 0xffff) || (OperatingSystem.IsWindows() && File.Exists(path)))
        {
            return null; // .NET sees the lock of another where its own locking is on; on Windows there is no other
        }

        if (OperatingSystem.IsWindows() || Flock(file.SafeFileHandle, Exclusive | NotBlocking) == 0 || !IsTaken(Marshal.GetLastPInvokeError()))
            return new FileLock(file);
        file.Dispose();
        return null;
    }

    public void Dispose() => _file.Dispose();

    private static bool IsTaken(int error) => error == WouldBlock || (OperatingSystem.IsMacOS() && error == WouldBlockOnMac);

    [DllImport("libc", EntryPoint = "flock", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Flock(SafeFileHandle file, int operation);
}
