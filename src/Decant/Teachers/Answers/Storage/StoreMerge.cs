namespace Decant.Teachers.Answers.Storage;

/// <summary>Puts the answers of several stores into one.</summary>
internal static class StoreMerge
{
    private const int AtOnce = 256;

    /// <summary>Appends the answers of stores to another, as far as it does not have them.</summary>
    /// <param name="sources">The stores, which stay as they are.</param>
    /// <param name="target">The folder of the other; made where there is none.</param>
    /// <param name="cancellationToken">Stops; what is appended until then stays.</param>
    /// <returns>How many were new.</returns>
    /// <exception cref="DecantException">They are of different teachers or settings; nothing is written.</exception>
    public static int Run(IReadOnlyList<string> sources, string target, CancellationToken cancellationToken = default)
    {
        if (sources.Select(Path.GetFullPath).FirstOrDefault(source => Path.TrimEndingDirectorySeparator(source) == Path.TrimEndingDirectorySeparator(Path.GetFullPath(target))) is { } same)
            throw new DecantException($"{same} cannot be merged into itself. Name the stores first, and then another folder for their answers.");
        var manifests = sources.Select(source => (Source: source, Manifest: ManifestFile.Read(source))).ToList();
        foreach (var (source, manifest) in manifests.Skip(1))
        {
            if (manifests[0].Manifest.DifferencesFrom(manifest) is { Count: > 0 } differences)
                throw new DecantException($"{manifests[0].Source} and {source} cannot be merged: in the second, {string.Join("; ", differences)}. Merge stores of one teacher and the same settings.");
        }

        var added = 0;
        using var into = AnswerStore.OpenOrCreate(target, manifests[0].Manifest);
        foreach (var (source, _) in manifests)
        {
            using var from = AnswerStore.Open(source);
            foreach (var keys in from.Keys.Where(key => !into.Contains(key)).Chunk(AtOnce))
            {
                cancellationToken.ThrowIfCancellationRequested();
                added += into.Append(Read(from, keys));
            }
        }

        return added;
    }

    /// <summary>Reads answers that are whole.</summary>
    internal static IEnumerable<(AnswerKey, ReadOnlyMemory<byte>)> Read(AnswerStore from, IEnumerable<AnswerKey> keys)
    {
        foreach (var key in keys)
        {
            if (from.TryRead(key, out var payload))
                yield return (key, payload);
        }
    }
}
