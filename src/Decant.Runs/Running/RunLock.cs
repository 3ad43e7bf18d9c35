using System.Runtime.InteropServices;
using Decant.Runs.Reports.Log;
using Microsoft.Win32.SafeHandles;

namespace Decant.Runs.Running;

/// <summary>Keeps a second process from working on the same run. The system lets go of it when the process ends, however it ends.</summary>
/// <remarks>
/// On Unix this is flock(2), asked for by us: .NET's own locking of opened files can be switched off (<c>DOTNET_SYSTEM_IO_DISABLEFILELOCKING</c>), and
/// is off by itself where a file system has none. Where flock is not supported either, the run goes on without a lock.
/// </remarks>
internal sealed class RunLock : IDisposable
{
    private const int Exclusive = 2, NotBlocking = 4;
    private const int WouldBlock = 11;

    private readonly FileStream _file;

    private RunLock(FileStream file) => _file = file;

    /// <exception cref="DecantException">Another process works on the run, or the folder cannot be written.</exception>
    public static RunLock Take(RunFolder folder)
    {
        FileStream file;
        try
        {
            Directory.CreateDirectory(folder.Checkpoints);
            file = new FileStream(folder.Lock, FileMode.OpenOrCreate, FileAccess.ReadWrite, OperatingSystem.IsWindows() ? FileShare.None : FileShare.ReadWrite);
        }
        catch (UnauthorizedAccessException error)
        {
            throw CannotBeWritten(folder, error);
        }
        catch (IOException error)
        {
            // .NET sees the lock of another where its own locking is on; on Windows there is no other.
            throw (error.HResult & 0xffff) == WouldBlock || (OperatingSystem.IsWindows() && File.Exists(folder.Lock)) ? IsTaken(folder, error) : CannotBeWritten(folder, error);
        }

        if (!OperatingSystem.IsWindows() && Flock(file.SafeFileHandle, Exclusive | NotBlocking) != 0 && Marshal.GetLastPInvokeError() == WouldBlock)
        {
            file.Dispose();
            throw IsTaken(folder, null);
        }

        return new RunLock(file);
    }

    public void Dispose() => _file.Dispose();

    private static DecantException IsTaken(RunFolder folder, Exception? cause) =>
        new($"Another process is working on the run {folder.Root}: wait for it, or stop it first. (It holds {folder.Lock}.)", inner: cause);

    private static DecantException CannotBeWritten(RunFolder folder, Exception cause) =>
        new($"The run's folder {folder.Root} cannot be written: {cause.Message} Give {Environment.UserName} the right to write there, mount it for writing, or copy the run elsewhere.", ExitCodes.Machine, cause);

    [DllImport("libc", EntryPoint = "flock", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Flock(SafeFileHandle file, int operation);
}
