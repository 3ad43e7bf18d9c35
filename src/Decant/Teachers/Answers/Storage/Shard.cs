namespace Decant.Teachers.Answers.Storage;

/// <summary>A shard as a reader knows it: what was found in it so far, and its bytes.</summary>
/// <param name="path">Its file.</param>
/// <param name="mark">The mark of its store.</param>
internal sealed class Shard(string path, ulong mark) : IDisposable
{
    private const long WorthAnIndex = 32 << 20; // bytes that were scanned

    private readonly List<ShardEntry> _entries = [];
    private ShardMap? _map;
    private long _seen; // the length up to which it was looked at

    /// <summary>Its file.</summary>
    public string FilePath => path;

    /// <summary>Where the last whole record ends; 0: nothing was read yet.</summary>
    public long End { get; private set; }

    /// <summary>The answers in it, in their order.</summary>
    public IReadOnlyList<ShardEntry> Entries => _entries;

    /// <summary>How many stretches are damaged, as far as it was scanned and not taken from its index.</summary>
    public int Damaged { get; private set; }

    /// <summary>Looks for what was appended since it was last looked at.</summary>
    /// <param name="useIndex">Whether what its index says of it is believed.</param>
    /// <returns>What came.</returns>
    /// <exception cref="DecantException">It is of another store, or of a newer version.</exception>
    public IReadOnlyList<ShardEntry> Refresh(bool useIndex = true)
    {
        var length = new FileInfo(path).Length;
        if (length == _seen || length < ShardFormat.HeaderSize)
            return [];
        Remap();
        var before = _entries.Count;
        if (End == 0)
            Begin(useIndex);
        var (scan, from) = (ShardScan.Run(_map!, End), End);
        _entries.AddRange(scan.Entries);
        (End, _seen, Damaged) = (scan.End, _map!.Length, Damaged + scan.Damaged);
        if (useIndex && End - from >= WorthAnIndex)
            WriteIndex();
        return _entries[before..];
    }

    /// <summary>Notes what its own writer appended.</summary>
    /// <param name="entries">The answers.</param>
    /// <param name="end">Where the last ends.</param>
    public void Note(IReadOnlyList<ShardEntry> entries, long end)
    {
        _entries.AddRange(entries);
        (End, _seen) = (end, end);
    }

    /// <summary>Drops an answer that is damaged, and the index, which would say again that it is there.</summary>
    /// <param name="entry">Where it is.</param>
    public void Forget(ShardEntry entry)
    {
        _entries.Remove(entry);
        File.Delete(ShardIndexFile.PathOf(path));
    }

    /// <summary>Reads an answer.</summary>
    /// <param name="entry">Where it is.</param>
    /// <returns>The payload; null: it is damaged.</returns>
    public byte[]? Read(ShardEntry entry)
    {
        if (_map is null || _map.Length < entry.At + ShardFormat.HeaderSize + entry.Length)
            Remap();
        if (_map!.Length < entry.At + ShardFormat.HeaderSize + entry.Length)
            return null;
        Span<byte> header = stackalloc byte[ShardFormat.HeaderSize];
        _map.Read(entry.At, header);
        if (ShardFormat.ReadRecord(header) is not var (key, length, checksum) || key != entry.Key || length != entry.Length)
            return null;
        var payload = new byte[length];
        _map.Read(entry.At + ShardFormat.HeaderSize, payload);
        return Checksum.Of(payload) == checksum ? payload : null;
    }

    /// <summary>Keeps what is known of it, for whoever opens it next.</summary>
    public void WriteIndex() => ShardIndexFile.Write(path, mark, _entries, End);

    public void Dispose() => _map?.Dispose();

    private void Begin(bool useIndex)
    {
        Span<byte> header = stackalloc byte[ShardFormat.HeaderSize];
        _map!.Read(0, header);
        if (ShardFormat.WhyForeign(header, mark) is { } why)
            throw new DecantException($"{path} cannot be read: {why}. Remove it from the folder, or take a program that can.");
        End = ShardFormat.HeaderSize;
        if (useIndex && ShardIndexFile.Read(path, mark, _map.Length) is not null and var (entries, end))
        {
            _entries.AddRange(entries);
            End = end;
        }
    }

    private void Remap()
    {
        _map?.Dispose();
        _map = new ShardMap(path);
    }
}
