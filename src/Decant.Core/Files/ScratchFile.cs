namespace Decant.Files;

/// <summary>A file for what does not fit into memory: it is this process's alone and goes with it.</summary>
internal static class ScratchFile
{
    /// <summary>A new, empty file in the cache's folder; on Unix it has no name any more, so that nothing is left of a process that is killed.</summary>
    /// <exception cref="DecantException">The cache cannot be written.</exception>
    public static FileStream Create()
    {
        var folder = CacheFolder.Of("scratch");
        try
        {
            Directory.CreateDirectory(folder);
            var path = Path.Combine(folder, Path.GetRandomFileName());
            var onClose = OperatingSystem.IsWindows() ? FileOptions.DeleteOnClose : FileOptions.None;
            var file = new FileStream(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.Delete, bufferSize: 1, onClose | FileOptions.RandomAccess);
            if (!OperatingSystem.IsWindows()) File.Delete(path);
            return file;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw Fault(folder, error);
        }
    }

    /// <summary>The fault of a file that cannot be made or filled.</summary>
    public static DecantException Fault(string folder, Exception error) =>
        new($"{folder}: what does not fit into memory cannot be written there: {error.Message} Make room, or name another folder with DECANT_CACHE.", ExitCodes.Machine, error);
}
