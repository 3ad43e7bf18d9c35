using System.Globalization;
using System.Text.Json;
using Decant.Export.Safetensors;
using Decant.Files;
using Decant.Torch;

namespace Decant.Training.Checkpoints;

/// <summary>The checkpoints of one training, each a folder: <c>state.safetensors</c>, <c>position.json</c> and <c>manifest.json</c> with their sizes and SHA-256.</summary>
/// <remarks>
/// A checkpoint is written under a temporary name, every file flushed to the disk, then renamed: it is there as a whole or not at all, even after a crash of the
/// machine. Older ones are removed only when a newer one is whole. One process at a time may use a store; none of its members may be called from two
/// threads at once.
/// </remarks>
internal sealed class CheckpointStore
{
    private const string State = "state.safetensors";
    private const string Position = "position.json";
    private const string Temporary = ".tmp";
    private const long Margin = 64 << 10;

    private static readonly Dictionary<string, string> s_nothing = [];

    private readonly int _keep;
    private readonly ICheckpointDisk _disk;
    private readonly HashSet<string> _refused = new(StringComparer.Ordinal);

    /// <summary>A store in a folder, which is made when the first checkpoint is written.</summary>
    /// <param name="folder">Where; nothing else that ends in <c>.tmp</c> may lie there.</param>
    /// <param name="keep">How many of the newest are kept, at least 1; with 2, one that is damaged later has one before it.</param>
    public CheckpointStore(string folder, int keep = 2)
        : this(folder, keep, new RealDisk())
    {
    }

    internal CheckpointStore(string folder, int keep, ICheckpointDisk disk)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        ArgumentOutOfRangeException.ThrowIfLessThan(keep, 1);
        (Folder, _keep, _disk) = (Path.GetFullPath(folder), keep, disk);
    }

    /// <summary>The folder.</summary>
    public string Folder { get; }

    /// <summary>The checkpoints that there are, oldest first, unread.</summary>
    public IReadOnlyList<string> All => [.. Numbered().Select(c => c.Path)];

    /// <summary>Writes a checkpoint and then removes those that are too old.</summary>
    /// <param name="snapshot">What <see cref="TrainLoop.Capture"/> gave; stays the caller's.</param>
    /// <param name="attached">What is to come back with it; null: nothing.</param>
    /// <returns>Its folder.</returns>
    /// <exception cref="DecantException">The disk is full or cannot be written; the former checkpoints are as they were.</exception>
    public string Write(TrainingSnapshot snapshot, IReadOnlyDictionary<string, string>? attached = null)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        try
        {
            RemoveTemporary();
            var number = Numbered().Select(c => c.Number).LastOrDefault() + 1;
            var path = Path.Combine(Folder, string.Create(CultureInfo.InvariantCulture, $"{number:D6}-step-{snapshot.Position.Step}"));
            Seal(path, snapshot, attached ?? s_nothing);
            RemoveOld();
            return path;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            TryRemoveTemporary();
            throw new DecantException($"A checkpoint cannot be written in {Folder}: {error.Message}", ExitCodes.Machine, error);
        }
    }

    /// <summary>Reads the newest checkpoint that is whole, and says of newer ones why they are not. Removes what a killed process left half-written.</summary>
    public CheckpointSearch Newest()
    {
        TryRemoveTemporary();
        var refused = new List<string>();
        foreach (var (_, path) in Numbered().Reverse())
        {
            try
            {
                return new CheckpointSearch(Read(path), refused);
            }
            catch (Exception error) when (error is InvalidDataException or IOException or UnauthorizedAccessException or JsonException or DecantException)
            {
                refused.Add($"{path}: {error.Message}");
                _refused.Add(path);
            }
        }

        return new CheckpointSearch(null, refused);
    }

    /// <summary>What was attached to a checkpoint, read without its tensors and unverified; null when that cannot be read.</summary>
    /// <param name="path">Its folder.</param>
    internal static IReadOnlyDictionary<string, string>? AttachedTo(string path)
    {
        try
        {
            return JsonSerializer.Deserialize(RegularFile.Bytes(Path.Combine(path, Position), RegularFile.MostSettings), CheckpointJson.Default.CheckpointPosition) is { } position ? position.Attached ?? s_nothing : null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or JsonException or DecantException or InvalidDataException)
        {
            return null;
        }
    }

    /// <summary>Removes all checkpoints: the training is done.</summary>
    /// <exception cref="DecantException">The folder cannot be written.</exception>
    public void Clear()
    {
        try
        {
            RemoveTemporary();
            foreach (var (_, path) in Numbered())
                Remove(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new DecantException($"The checkpoints in {Folder} cannot be removed: {error.Message}", ExitCodes.Machine, error);
        }
    }

    private void Seal(string path, TrainingSnapshot snapshot, IReadOnlyDictionary<string, string> attached)
    {
        var temporary = path + Temporary;
        _disk.CreateFolder(Folder);
        CheckRoom(snapshot);
        _disk.CreateFolder(temporary);
        var position = JsonSerializer.SerializeToUtf8Bytes(new CheckpointPosition(snapshot.Position, attached), CheckpointJson.Default.CheckpointPosition);
        ManifestEntry[] files =
        [
            WriteFile(temporary, State, stream => SafetensorsWriter.Write(stream, snapshot.Tensors)),
            WriteFile(temporary, Position, stream => stream.Write(position)),
        ];
        var manifest = new CheckpointManifest { Format = CheckpointManifest.CurrentFormat, Files = files };
        WriteFile(temporary, CheckpointManifest.Name, stream => JsonSerializer.Serialize(stream, manifest, CheckpointJson.Default.CheckpointManifest));
        _disk.FlushFolder(temporary);
        _disk.RenameFolder(temporary, path);
        _disk.FlushFolder(Folder);
    }

    private ManifestEntry WriteFile(string folder, string name, Action<Stream> write)
    {
        ManifestEntry? entry = null;
        _disk.WriteFile(Path.Combine(folder, name), stream =>
        {
            using var hashed = new HashedStream(stream);
            write(hashed);
            entry = hashed.Entry(name);
        });
        return entry!;
    }

    /// <summary>Asked before, since a disk that this fills would have no room for the run's record either.</summary>
    private void CheckRoom(TrainingSnapshot snapshot)
    {
        var needed = snapshot.Tensors.Values.Sum(t => t.ElementCount * t.DType.Size()) + Margin;
        var free = _disk.FreeBytes(Folder);
        if (free < needed)
            throw new IOException(string.Create(CultureInfo.InvariantCulture, $"it needs {needed:N0} bytes, and the disk has {free:N0} free."));
    }

    private static Checkpoint Read(string path)
    {
        CheckpointManifest.Verify(path, [State, Position]);
        var position = JsonContent.Read<CheckpointPosition>(Path.Combine(path, Position), CheckpointReading.Options)
            ?? throw new InvalidDataException($"{Position} says nothing");
        using var file = SafetensorsFile.Open(Path.Combine(path, State));
        using var suspended = TensorScope.Suspend();
        return new Checkpoint(path, new TrainingSnapshot(file.Entries.Keys.ToDictionary(name => name, file.Read, StringComparer.Ordinal), position.Training), position.Attached);
    }

    /// <summary>By rising number. What is named otherwise is none of ours.</summary>
    private (long Number, string Path)[] Numbered() => !Directory.Exists(Folder)
        ? []
        : [.. Directory.EnumerateDirectories(Folder).Select(path => (Number: NumberOf(path), path)).Where(c => c.Number > 0).OrderBy(c => c.Number)];

    private static long NumberOf(string path) =>
        Path.GetFileName(path).Split('-') is [var number, "step", var step]
        && long.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var value) && long.TryParse(step, NumberStyles.None, CultureInfo.InvariantCulture, out _)
            ? value
            : 0;

    // One that was refused is no checkpoint to fall back to, so it does not count among those that are kept.
    private void RemoveOld()
    {
        var byUse = All.ToLookup(_refused.Contains);
        foreach (var path in byUse[true].Concat(byUse[false].SkipLast(_keep)))
            Remove(path);
    }

    // Renamed first, so that no half of it is ever taken for a checkpoint.
    private void Remove(string path)
    {
        _disk.RenameFolder(path, path + Temporary);
        _disk.DeleteFolder(path + Temporary);
        _refused.Remove(path);
    }

    private void RemoveTemporary()
    {
        if (!Directory.Exists(Folder))
            return;
        foreach (var path in Directory.EnumerateDirectories(Folder, "*" + Temporary))
            _disk.DeleteFolder(path);
    }

    private void TryRemoveTemporary()
    {
        try
        {
            RemoveTemporary();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // It does no harm, and the next write tries again.
        }
    }
}
