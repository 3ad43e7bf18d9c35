using Decant.Export.Tensors;

namespace Decant.Export.PyTorch;

/// <summary>PyTorch's format since 1.6: a zip archive with one pickle, and each storage as a file of its own.</summary>
internal static class TorchArchive
{
    private const string Pickle = "data.pkl";

    /// <summary>What the file holds, its storages in place.</summary>
    /// <exception cref="FormatException">It is damaged.</exception>
    /// <exception cref="PickleRefusedException">It wants what is not done here.</exception>
    public static object? Read(MappedFile file)
    {
        var entries = ZipDirectory.Read(file);
        var root = Root(entries);
        RefuseOtherOrder(file, entries, root);
        var pickle = Plain(entries, root + Pickle);
        var storages = new PickleStorages(file.Length, storage =>
        {
            var entry = Plain(entries, $"{root}data/{storage.Key}");
            return entry.Size >= storage.ByteCount
                ? entry.Offset
                : throw new FormatException($"storage '{entry.Name}' should have {storage.ByteCount} bytes, it has {entry.Size}");
        });
        var input = new PickleInput(file, pickle.Offset, pickle.Offset + pickle.Size);
        return new PickleMachine(input, new PickleNames(storages, pickle.Size)).Run();
    }

    private static string Root(IReadOnlyDictionary<string, ZipEntry> entries)
    {
        var pickles = entries.Keys.Where(n => n == Pickle || n.EndsWith('/' + Pickle)).ToList();
        if (pickles.Count != 1)
            throw new FormatException(pickles.Count == 0 ? $"it is a zip archive without a {Pickle}, so not one that torch.save wrote" : $"its archive has {pickles.Count} files {Pickle}");
        var root = pickles[0][..^Pickle.Length];
        if (entries.ContainsKey(root + "constants.pkl"))
            throw new FormatException("it is a TorchScript program, which is not run; in Python, save its state_dict()");
        return root;
    }

    private static void RefuseOtherOrder(MappedFile file, IReadOnlyDictionary<string, ZipEntry> entries, string root)
    {
        if (!entries.ContainsKey(root + "byteorder"))
            return;
        var entry = Plain(entries, root + "byteorder");
        var text = new byte[(int)Math.Min(entry.Size, "little".Length)];
        file.Read(entry.Offset, text);
        if (!text.AsSpan().SequenceEqual("little"u8))
            throw new FormatException("its numbers are big-endian; save it again on a machine that is little-endian");
    }

    private static ZipEntry Plain(IReadOnlyDictionary<string, ZipEntry> entries, string name)
    {
        if (!entries.TryGetValue(name, out var entry))
            throw new FormatException($"its archive lacks '{(name.Length > 128 ? name[..128] + "…" : name)}'");
        return entry.IsPlain ? entry : throw new FormatException($"'{name}' of its archive is compressed or encrypted; torch.save stores it as it is: save it again with that");
    }
}
