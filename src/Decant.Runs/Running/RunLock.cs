using Decant.Files;
using Decant.Runs.Reports.Log;

namespace Decant.Runs.Running;

/// <summary>Keeps a second process from working on the same run. The system lets go of it when the process ends, however it ends.</summary>
internal sealed class RunLock : IDisposable
{
    private readonly FileLock _lock;

    private RunLock(FileLock taken) => _lock = taken;

    /// <exception cref="DecantException">Another process works on the run, or the folder cannot be written.</exception>
    public static RunLock Take(RunFolder folder)
    {
        try
        {
            Directory.CreateDirectory(folder.Checkpoints);
            return FileLock.TryTake(folder.Lock) is { } taken ? new RunLock(taken) : throw IsTaken(folder);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw CannotBeWritten(folder, error);
        }
    }

    public void Dispose() => _lock.Dispose();

    private static DecantException IsTaken(RunFolder folder) =>
        new($"Another process is working on the run {folder.Root}: wait for it, or stop it first. (It holds {folder.Lock}.)");

    private static DecantException CannotBeWritten(RunFolder folder, Exception cause) =>
        new($"The run's folder {folder.Root} cannot be written: {cause.Message} Give {Environment.UserName} the right to write there, mount it for writing, or copy the run elsewhere.", ExitCodes.Machine, cause);
}
