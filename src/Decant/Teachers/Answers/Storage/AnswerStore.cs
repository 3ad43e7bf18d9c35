using System.Diagnostics.CodeAnalysis;

namespace Decant.Teachers.Answers.Storage;

/// <summary>
/// Answers of one teacher in a folder: shards that are only appended to, and a manifest. Several threads and several processes may read and write it at the same time; an answer is kept
/// once. docs/decisions/2026-11-30-answers-on-disk.md says why so.
/// </summary>
internal sealed class AnswerStore : IDisposable
{
    /// <summary>The bytes after which a shard is full.</summary>
    public const long FullShard = 256L << 20;

    private readonly Lock _appending = new(); // taken before the other
    private readonly Lock _state = new();
    private readonly Dictionary<AnswerKey, (Shard Shard, ShardEntry Entry)> _index = [];
    private readonly SortedDictionary<string, Shard> _shards = new(StringComparer.Ordinal);
    private readonly long _fullShard;
    private (ShardWriter Writer, Shard Shard)? _own;

    private AnswerStore(string folder, AnswerManifest manifest, long fullShard) => (Folder, Manifest, _fullShard) = (folder, manifest, fullShard);

    /// <summary>Its folder.</summary>
    public string Folder { get; }

    /// <summary>What its answers have in common.</summary>
    public AnswerManifest Manifest { get; }

    /// <summary>How many answers there are.</summary>
    public int Count
    {
        get
        {
            lock (_state)
                return _index.Count;
        }
    }

    /// <summary>How many answers were found damaged; they count as not there.</summary>
    public int Damaged { get; private set; }

    /// <summary>The keys of all answers, those of older shards first.</summary>
    public IReadOnlyList<AnswerKey> Keys
    {
        get
        {
            lock (_state)
                return [.. _index.Values.OrderBy(found => found.Shard.FilePath, StringComparer.Ordinal).ThenBy(found => found.Entry.At).Select(found => found.Entry.Key)];
        }
    }

    /// <summary>The bytes of its shards.</summary>
    public long Bytes
    {
        get
        {
            lock (_state)
                return _shards.Values.Sum(shard => shard.End);
        }
    }

    /// <summary>Opens a store that is there.</summary>
    /// <param name="folder">Its folder.</param>
    /// <param name="fullShard">The bytes after which a shard that this writes is full.</param>
    /// <exception cref="DecantException">It is no store, damaged as a whole, or from a newer program.</exception>
    public static AnswerStore Open(string folder, long fullShard = FullShard) => Opened(folder, ManifestFile.Read(folder), fullShard);

    /// <summary>Opens a store of a teacher, and makes it where there is none.</summary>
    /// <param name="folder">Its folder.</param>
    /// <param name="manifest">What its answers must have in common.</param>
    /// <param name="fullShard">The bytes after which a shard that this writes is full.</param>
    /// <exception cref="DecantException">There is a store of another teacher or of other settings, a damaged or newer one; or the folder cannot be made.</exception>
    public static AnswerStore OpenOrCreate(string folder, AnswerManifest manifest, long fullShard = FullShard)
    {
        manifest.Checked();
        if (!File.Exists(Path.Combine(folder, ManifestFile.FileName)))
            Make(folder, manifest);
        var there = ManifestFile.Read(folder);
        if (manifest.DifferencesFrom(there) is { Count: > 0 } differences)
            throw new DecantException($"{folder} holds other answers: {string.Join("; ", differences)}. Use another folder, or remove this one.");
        return Opened(folder, there, fullShard);
    }

    /// <summary>Opens a teacher's store in a folder of many, by its address, and makes it where there is none.</summary>
    /// <param name="root">The folder of all stores.</param>
    /// <param name="manifest">What its answers have in common.</param>
    public static AnswerStore In(string root, AnswerManifest manifest) => OpenOrCreate(Path.Combine(root, manifest.Address), manifest);

    /// <summary>Whether there is an answer, as far as this has looked; <see cref="Refresh"/> looks for those of others.</summary>
    public bool Contains(AnswerKey key)
    {
        lock (_state)
            return _index.ContainsKey(key);
    }

    /// <summary>Reads an answer.</summary>
    /// <param name="key">The key of the question.</param>
    /// <param name="payload">The answer, packed.</param>
    /// <returns>Whether there is one; one that is found damaged counts as not there, and can be appended anew.</returns>
    public bool TryRead(AnswerKey key, [NotNullWhen(true)] out byte[]? payload)
    {
        lock (_state)
        {
            payload = null;
            if (!_index.TryGetValue(key, out var found))
                return false;
            payload = found.Shard.Read(found.Entry);
            if (payload is not null)
                return true;
            Damaged++;
            _index.Remove(key);
            found.Shard.Forget(found.Entry);
            return false;
        }
    }

    /// <summary>Looks for what other processes appended.</summary>
    public void Refresh()
    {
        lock (_appending)
            RefreshAll();
    }

    /// <summary>Appends answers that are not there yet. When this returns, the end of the process loses none of them.</summary>
    /// <param name="answers">Keys with packed answers.</param>
    /// <returns>How many were new.</returns>
    /// <exception cref="DecantException">The disk is full, or the folder cannot be written; what was there before stays.</exception>
    public int Append(IEnumerable<(AnswerKey Key, ReadOnlyMemory<byte> Payload)> answers)
    {
        lock (_appending)
        {
            using var turn = StoreLocks.Turn(Folder);
            RefreshAll();
            var seen = new HashSet<AnswerKey>();
            var missing = answers.Where(answer => !Contains(answer.Key) && seen.Add(answer.Key)).ToList();
            if (missing.Count == 0)
                return 0;
            var (writer, shard) = OwnShard();
            var entries = writer.Append(missing);
            lock (_state)
            {
                shard.Note(entries, writer.End);
                foreach (var entry in entries)
                    _index[entry.Key] = (shard, entry);
            }

            return entries.Count;
        }
    }

    /// <summary>Closes it, and keeps an index of what is in the shards that this wrote.</summary>
    public void Dispose()
    {
        lock (_appending)
        {
            CloseOwn();
            foreach (var shard in _shards.Values)
                shard.Dispose();
            _shards.Clear();
            _index.Clear();
        }
    }

    private static void Make(string folder, AnswerManifest manifest)
    {
        if (Directory.Exists(folder) && Directory.EnumerateFiles(folder, "*" + ShardFormat.Extension).Any())
            throw new DecantException($"{folder} has shards of answers and no {ManifestFile.FileName}. Take the manifest of a copy of this store, or use another folder.");
        try
        {
            Directory.CreateDirectory(folder);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new DecantException($"The folder {folder} for answers cannot be made: {error.Message} Choose another.", ExitCodes.Machine, error);
        }

        ManifestFile.Write(folder, manifest);
    }

    private static AnswerStore Opened(string folder, AnswerManifest manifest, long fullShard)
    {
        var store = new AnswerStore(folder, manifest, fullShard);
        try
        {
            store.Refresh();
            return store;
        }
        catch
        {
            store.Dispose();
            throw;
        }
    }

    private void RefreshAll()
    {
        foreach (var path in Directory.EnumerateFiles(Folder, "*" + ShardFormat.Extension).Order(StringComparer.Ordinal))
        {
            if (_own is var (_, own) && own.FilePath == path)
                continue; // nobody else writes it
            lock (_state)
            {
                if (!_shards.TryGetValue(path, out var shard))
                    _shards[path] = shard = new Shard(path, Manifest.Mark);
                var before = shard.Damaged;
                foreach (var entry in shard.Refresh())
                    _index.TryAdd(entry.Key, (shard, entry));
                Damaged += shard.Damaged - before;
            }
        }
    }

    private (ShardWriter Writer, Shard Shard) OwnShard()
    {
        if (_own is { } own && own.Writer.End < _fullShard)
            return own;
        CloseOwn();
        foreach (var shard in _shards.Values.Where(shard => shard.End >= ShardFormat.HeaderSize && shard.End < _fullShard))
        {
            if (ShardWriter.TryOpen(shard) is { } free)
                return (_own = (free, shard)).Value;
        }

        var (writer, path) = ShardWriter.Create(Folder, Manifest.Mark);
        var made = new Shard(path, Manifest.Mark);
        lock (_state)
            _shards[path] = made;
        made.Note([], ShardFormat.HeaderSize);
        return (_own = (writer, made)).Value;
    }

    private void CloseOwn()
    {
        if (_own is not var (writer, shard))
            return;
        _own = null;
        lock (_state)
            shard.WriteIndex();
        writer.Dispose();
    }
}
