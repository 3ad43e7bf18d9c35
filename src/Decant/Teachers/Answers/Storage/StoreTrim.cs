using Decant.Files;

namespace Decant.Teachers.Answers.Storage;

/// <summary>Writes a store anew without what is damaged, cut off or there twice, and if it is to be smaller, without its oldest answers.</summary>
internal static class StoreTrim
{
    private const int AtOnce = 256;

    /// <summary>Trims a store. It is whole at every moment: new shards are written first, then the old ones are removed.</summary>
    /// <param name="folder">Its folder.</param>
    /// <param name="mostBytes">The most that its answers may take; null: all are kept.</param>
    /// <param name="cancellationToken">Stops before old shards are removed.</param>
    /// <returns>How many answers it has, how many were dropped, and the bytes before and after.</returns>
    /// <exception cref="DecantException">A run is writing into it.</exception>
    public static (int Kept, int Dropped, long Before, long After) Run(string folder, long? mostBytes = null, CancellationToken cancellationToken = default)
    {
        var manifest = ManifestFile.Read(folder);
        using var turn = StoreLocks.Turn(folder);
        var old = Directory.GetFiles(folder, "*" + ShardFormat.Extension).Order(StringComparer.Ordinal).ToList();
        var locks = new List<FileLock>();
        try
        {
            foreach (var path in old)
                locks.Add(FileLock.TryTake(StoreLocks.PathOf(path)) ?? throw new DecantException($"{folder}: a run is writing into {Path.GetFileName(path)}. Trim the store when it is done.", ExitCodes.Machine));
            var before = old.Sum(path => new FileInfo(path).Length);
            int kept, dropped;
            using (var store = AnswerStore.Open(folder))
            {
                var keys = Newest(store, mostBytes);
                Copy(store, keys, manifest.Mark, cancellationToken);
                (kept, dropped) = (keys.Count, store.Count - keys.Count);
            }

            foreach (var path in old)
            {
                File.Delete(path);
                File.Delete(ShardIndexFile.PathOf(path));
                File.Delete(StoreLocks.PathOf(path));
            }

            return (kept, dropped, before, Directory.GetFiles(folder, "*" + ShardFormat.Extension).Sum(path => new FileInfo(path).Length));
        }
        finally
        {
            foreach (var held in locks)
                held.Dispose();
        }
    }

    private static List<AnswerKey> Newest(AnswerStore store, long? mostBytes)
    {
        var (keys, left) = (new List<AnswerKey>(), mostBytes ?? long.MaxValue);
        foreach (var key in store.Keys.Reverse())
        {
            if (!store.TryRead(key, out var payload))
                continue;
            left -= ShardFormat.End(0, payload.Length);
            if (left < 0)
                break;
            keys.Add(key);
        }

        keys.Reverse();
        return keys;
    }

    private static void Copy(AnswerStore store, List<AnswerKey> keys, ulong mark, CancellationToken cancellationToken)
    {
        ShardWriter? writer = null;
        try
        {
            foreach (var some in keys.Chunk(AtOnce))
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (writer is null || writer.End >= AnswerStore.FullShard)
                {
                    writer?.Dispose();
                    writer = ShardWriter.Create(store.Folder, mark).Writer;
                }

                writer.Append([.. StoreMerge.Read(store, some)]);
            }
        }
        finally
        {
            writer?.Dispose();
        }
    }
}
