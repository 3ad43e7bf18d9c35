using Decant.Training.Checkpoints;

namespace Decant.Tests.Training.Checkpoints;

/// <summary>The machine that lost its power: nothing that runs after it reaches the disk.</summary>
internal sealed class PowerCut : Exception;

/// <summary>The real disk until a given step, at which the power is cut, or from which on it is full.</summary>
/// <param name="breaksAt">The step, from 1, that is not done any more; null: none.</param>
internal sealed class BreakingDisk(int? breaksAt = null) : ICheckpointDisk
{
    private readonly RealDisk _disk = new();
    private bool _cut;

    public List<string> Steps { get; } = [];

    /// <summary>Whether the step is done by half first: a file of which a part is written.</summary>
    public bool HalfDone { get; init; }

    /// <summary>Whether files cannot be written for want of room.</summary>
    public bool IsFull { get; set; }

    public long Free { get; set; } = long.MaxValue;

    public void CreateFolder(string path) => Do($"make {Path.GetFileName(path)}", () => _disk.CreateFolder(path));

    public void WriteFile(string path, Action<Stream> write)
    {
        if (IsFull)
            throw new IOException("No space left on device.");
        Do($"write {Path.GetFileName(path)}", () => _disk.WriteFile(path, write), () => _disk.WriteFile(path, s =>
        {
            using var whole = new MemoryStream();
            write(whole);
            s.Write(whole.GetBuffer(), 0, (int)whole.Length / 2);
        }));
    }

    public void FlushFolder(string path) => Do($"flush {Path.GetFileName(path)}", () => _disk.FlushFolder(path));

    public void RenameFolder(string from, string to) => Do($"rename to {Path.GetFileName(to)}", () => _disk.RenameFolder(from, to));

    public void DeleteFolder(string path) => Do($"delete {Path.GetFileName(path)}", () => _disk.DeleteFolder(path), () => File.Delete(Directory.GetFiles(path)[0]));

    public long FreeBytes(string path) => Free;

    private void Do(string what, Action act, Action? half = null)
    {
        if (_cut)
            throw new PowerCut();
        Steps.Add(what);
        if (Steps.Count != breaksAt)
        {
            act();
            return;
        }

        _cut = true;
        if (HalfDone)
            half?.Invoke();
        throw new PowerCut();
    }
}
