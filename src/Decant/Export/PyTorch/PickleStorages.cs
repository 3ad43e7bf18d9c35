using Decant.Torch;

namespace Decant.Export.PyTorch;

/// <summary>The storages that a pickle names.</summary>
/// <param name="fileLength">The file's length: no storage has more bytes.</param>
/// <param name="place">Where the bytes of a storage begin, checked to be there; −1: that is known later.</param>
internal sealed class PickleStorages(long fileLength, Func<PickleStorage, long> place)
{
    private readonly Dictionary<string, PickleStorage> _storages = new(StringComparer.Ordinal);

    /// <summary>By their names in the file.</summary>
    public IReadOnlyDictionary<string, PickleStorage> All => _storages;

    /// <summary>The storage of a persistent id: <c>('storage', kind, key, device, count)</c>, in old files with a part of it.</summary>
    public object Find(object?[] id, long position)
    {
        if (id is not ["storage", PickleName { IsStorage: true } kind, string key, _, long count, ..] || id.Length > 6 || count < 0)
            throw new PickleRefusedException(id is [string other, ..] && other != "storage" ? $"the persistent id '{Shown(other)}'" : "a persistent id that is no storage", position);
        var storage = Root(key, kind.Type, count, position);
        return id.Length == 6 && id[5] is not null ? Part(storage, id[5], position) : storage;
    }

    private PickleStorage Root(string key, DType? type, long count, long position)
    {
        if (_storages.TryGetValue(key, out var known))
        {
            return known.Type == type && known.Count == count
                ? known
                : throw new FormatException($"storage '{Shown(key)}' at byte {position} is said to be something else than before");
        }

        var storage = new PickleStorage(key, type, count, fileLength);
        if (storage.ByteCount > fileLength)
            throw new FormatException($"storage '{Shown(key)}' at byte {position} is said to have {storage.ByteCount} bytes, the file has {fileLength}");
        storage.Place = place(storage);
        _storages.Add(key, storage);
        return storage;
    }

    private static PickleStorageView Part(PickleStorage storage, object? part, long position) =>
        part is object?[] and [_, long first, long count] && first >= 0 && count >= 0 && first <= storage.Count && count <= storage.Count - first
            ? new PickleStorageView(storage, first, count)
            : throw new FormatException($"a part of storage '{Shown(storage.Key)}' at byte {position} reaches beyond it");

    private static string Shown(string key) => key.Length <= 64 ? key : key[..64] + "…";
}
