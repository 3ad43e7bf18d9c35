namespace Decant.Jobs;

/// <summary>Keeps a second process from working on the same run. The system lets go of it when the process ends, however it ends.</summary>
internal sealed class RunLock : IDisposable
{
    private readonly FileStream _file;

    private RunLock(FileStream file) => _file = file;

    /// <exception cref="DecantException">Another process works on the run, or the folder cannot be written.</exception>
    public static RunLock Take(RunFolder folder)
    {
        try
        {
            Directory.CreateDirectory(folder.Checkpoints);
            return new RunLock(new FileStream(folder.Lock, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (IOException error) when (File.Exists(folder.Lock))
        {
            throw new DecantException($"Another process is working on the run {folder.Root}: wait for it, or stop it first. (It holds {folder.Lock}.)", inner: error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new DecantException($"The run's folder {folder.Root} cannot be written: {error.Message}", ExitCodes.Machine, error);
        }
    }

    public void Dispose() => _file.Dispose();
}
