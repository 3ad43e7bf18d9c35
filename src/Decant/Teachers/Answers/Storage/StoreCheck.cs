namespace Decant.Teachers.Answers.Storage;

/// <summary>What a store has, read from one end to the other, without its indexes.</summary>
/// <param name="Manifest">Its manifest.</param>
/// <param name="Shards">How many files it has.</param>
/// <param name="Bytes">Their bytes.</param>
/// <param name="Answers">How many answers there are, each question counted once.</param>
/// <param name="Rows">The rows of all of them, or their texts.</param>
/// <param name="Error">By how much a number may be off; 0 where none is.</param>
/// <param name="Duplicates">How many questions are answered again.</param>
/// <param name="Damaged">How many answers cannot be read, or stretches of them.</param>
/// <param name="CutOff">The bytes at the ends of shards that are no whole answer: a run was killed while it wrote.</param>
internal sealed record StoreCheck(AnswerManifest Manifest, int Shards, long Bytes, int Answers, long Rows, float Error, int Duplicates, int Damaged, long CutOff)
{
    /// <summary>Whether answers were lost or stand in it twice.</summary>
    public bool IsSound => Damaged == 0 && Duplicates == 0 && CutOff == 0;

    /// <summary>Reads a store.</summary>
    /// <param name="folder">Its folder.</param>
    /// <param name="cancellationToken">Stops between shards.</param>
    /// <exception cref="DecantException">It is no store, or a newer or a foreign shard is in it.</exception>
    public static StoreCheck Run(string folder, CancellationToken cancellationToken = default)
    {
        var manifest = ManifestFile.Read(folder);
        var packing = new AnswerPacking(manifest);
        var keys = new HashSet<AnswerKey>();
        var check = new StoreCheck(manifest, 0, 0, 0, 0, 0, 0, 0, 0);
        foreach (var path in Directory.GetFiles(folder, "*" + ShardFormat.Extension).Order(StringComparer.Ordinal))
        {
            cancellationToken.ThrowIfCancellationRequested();
            var length = new FileInfo(path).Length;
            using var shard = new Shard(path, manifest.Mark);
            foreach (var entry in shard.Refresh(useIndex: false))
                check = Counted(check, shard.Read(entry), keys.Add(entry.Key), packing);
            check = check with { Shards = check.Shards + 1, Bytes = check.Bytes + length, Damaged = check.Damaged + shard.Damaged, CutOff = check.CutOff + Math.Max(0, length - shard.End) };
        }

        return check;
    }

    private static StoreCheck Counted(StoreCheck check, byte[]? payload, bool isNew, AnswerPacking packing)
    {
        if (!isNew)
            return check with { Duplicates = check.Duplicates + 1 };
        try
        {
            var (rows, error) = packing.Examine(payload ?? throw new InvalidDataException("damaged meanwhile"));
            return check with { Answers = check.Answers + 1, Rows = check.Rows + rows, Error = Math.Max(check.Error, error) };
        }
        catch (InvalidDataException)
        {
            return check with { Damaged = check.Damaged + 1 };
        }
    }
}
