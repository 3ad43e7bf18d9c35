using Decant.Files;

namespace Decant.Training.Checkpoints;

/// <summary>What a checkpoint needs of a disk, one durable step each. Tests break it between any two.</summary>
internal interface ICheckpointDisk
{
    void CreateFolder(string path);

    /// <summary>Writes a new file and flushes it to the disk.</summary>
    void WriteFile(string path, Action<Stream> write);

    /// <summary>Flushes a folder's names to the disk.</summary>
    void FlushFolder(string path);

    void RenameFolder(string from, string to);

    void DeleteFolder(string path);

    long FreeBytes(string path);
}

/// <summary>The machine's disk.</summary>
internal sealed class RealDisk : ICheckpointDisk
{
    public void CreateFolder(string path) => Directory.CreateDirectory(path);

    public void WriteFile(string path, Action<Stream> write)
    {
        using var stream = new FileStream(path, FileMode.CreateNew, FileAccess.Write);
        write(stream);
        stream.Flush(flushToDisk: true);
    }

    public void FlushFolder(string path) => FolderSync.Flush(path);

    public void RenameFolder(string from, string to) => Directory.Move(from, to);

    public void DeleteFolder(string path) => Directory.Delete(path, recursive: true);

    public long FreeBytes(string path) => new DriveInfo(path).AvailableFreeSpace;
}
