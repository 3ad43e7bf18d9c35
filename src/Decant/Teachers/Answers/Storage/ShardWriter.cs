using System.Buffers;
using System.Globalization;
using Decant.Files;

namespace Decant.Teachers.Answers.Storage;

/// <summary>Appends to a shard, which is this process's alone as long as this is open. What is written survives the end of the process, however it ends.</summary>
internal sealed class ShardWriter : IDisposable
{
    private const long BytesPerFlush = 64 << 20; // to the disk, against a loss of power

    private readonly FileLock _lock;
    private readonly FileStream _file;
    private readonly ArrayBufferWriter<byte> _room = new();
    private long _unflushed;

    private ShardWriter(string path, FileLock held)
    {
        _lock = held;
        try
        {
            _file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
        }
        catch
        {
            held.Dispose();
            throw;
        }
    }

    /// <summary>Where the next record begins.</summary>
    public long End => _file.Length;

    /// <summary>Takes a shard that is there, if no other process has it, and cuts off what was not written to its end.</summary>
    /// <param name="shard">The shard, up to date.</param>
    /// <returns>Null: another has it.</returns>
    public static ShardWriter? TryOpen(Shard shard)
    {
        if (FileLock.TryTake(StoreLocks.PathOf(shard.FilePath)) is not { } held)
            return null;
        var writer = new ShardWriter(shard.FilePath, held);
        writer._file.SetLength(shard.End);
        writer._file.Position = shard.End;
        return writer;
    }

    /// <summary>Makes a new shard.</summary>
    /// <param name="folder">The store's folder; it is this process's turn.</param>
    /// <param name="mark">The store's mark.</param>
    /// <returns>The writer, and the shard's file.</returns>
    public static (ShardWriter Writer, string Path) Create(string folder, ulong mark)
    {
        var last = Directory.EnumerateFiles(folder).Select(Path.GetFileNameWithoutExtension)
            .Select(name => int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0).DefaultIfEmpty(0).Max();
        var path = Path.Combine(folder, (last + 1).ToString("d6", CultureInfo.InvariantCulture) + ShardFormat.Extension);
        var held = FileLock.TryTake(StoreLocks.PathOf(path)) ?? throw new DecantException($"{path}: its lock is held, though there is no such shard yet. Try again.", ExitCodes.Machine);
        var writer = new ShardWriter(path, held);
        writer._file.Write(ShardFormat.Header(mark));
        return (writer, path);
    }

    /// <summary>Appends answers, in one write.</summary>
    /// <param name="answers">Keys with payloads.</param>
    /// <returns>Where they are.</returns>
    /// <exception cref="DecantException">The disk is full; nothing of them is left.</exception>
    public IReadOnlyList<ShardEntry> Append(IReadOnlyList<(AnswerKey Key, ReadOnlyMemory<byte> Payload)> answers)
    {
        _room.ResetWrittenCount();
        var begin = _file.Length;
        var entries = new List<ShardEntry>(answers.Count);
        foreach (var (key, payload) in answers)
        {
            entries.Add(new ShardEntry(key, begin + _room.WrittenCount, payload.Length));
            ShardFormat.WriteRecord(_room, key, payload.Span);
        }

        try
        {
            _file.Position = begin;
            _file.Write(_room.WrittenSpan);
            _unflushed += _room.WrittenCount;
            if (_unflushed >= BytesPerFlush)
                Flush();
        }
        catch (IOException error)
        {
            _file.SetLength(begin);
            throw new DecantException($"{_file.Name} cannot be written: {error.Message} Free some room; the answers before are kept.", ExitCodes.Machine, error);
        }

        return entries;
    }

    public void Dispose()
    {
        try
        {
            Flush();
        }
        finally
        {
            _file.Dispose();
            _lock.Dispose();
        }
    }

    private void Flush()
    {
        _file.Flush(flushToDisk: true);
        _unflushed = 0;
    }
}
