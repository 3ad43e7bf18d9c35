using System.Numerics;
using Decant.Export.Tensors;

namespace Decant.Export.PyTorch;

/// <summary>PyTorch's format before 1.6: five pickles (a number, a version, the machine, the object, the names of the storages), then the storages.</summary>
internal static class TorchLegacy
{
    private const long Version = 1001;
    private static readonly BigInteger s_magic = new([0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19]);

    /// <summary>How many bytes <see cref="Begins"/> looks at, at most.</summary>
    public const int HeadLength = 32;

    /// <summary>
    /// Whether a file begins as this format does: with a pickle of PyTorch's number, in protocol 2, which <c>torch.save</c> takes by itself, or in another that it was given
    /// (<c>pickle_protocol</c>). From protocol 4 on, frames lie around what is pickled; protocols 0 and 1 begin with the number in decimal digits.
    /// </summary>
    public static bool Begins(ReadOnlySpan<byte> head)
    {
        if (head is [0x80, >= 2 and <= 5, ..]) head = head[2..];
        if (head is [0x95, _, _, _, _, _, _, _, _, ..]) head = head[9..];
        return head is [0x8a, 0x0a, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19, ..] || head.StartsWith("L119547037146038801333356L\n"u8);
    }

    /// <summary>What the file holds, its storages in place.</summary>
    /// <exception cref="FormatException">It is damaged.</exception>
    /// <exception cref="PickleRefusedException">It wants what is not done here.</exception>
    public static object? Read(MappedFile file)
    {
        var storages = new PickleStorages(file.Length, _ => -1);
        var input = new PickleInput(file, 0, file.Length);
        object? Next() => new PickleMachine(input, new PickleNames(storages, file.Length)).Run();
        if (Next() is not BigInteger magic || magic != s_magic)
            throw new FormatException("it does not begin with PyTorch's number");
        if (Next() is not Version)
            throw new FormatException($"its version is not {Version}, the only one there is");
        CheckOrder(Next());
        var content = Next();
        var keys = Next();
        Place(file, input.FilePosition, keys, storages);
        return content;
    }

    private static void CheckOrder(object? machine)
    {
        if (machine is not PickleDict facts || !facts.Items.Exists(f => f is { Key: "little_endian" }))
            throw new FormatException("it does not say on which machine it was written");
        if (facts.Items.Exists(f => f is { Key: "little_endian", Value: not true }))
            throw new FormatException("its numbers are big-endian; save it again on a machine that is little-endian");
    }

    // The storages follow one another in the order of their names: the number of elements, then the elements.
    private static void Place(MappedFile file, long at, object? keys, PickleStorages storages)
    {
        foreach (var key in keys as List<object?> ?? throw new FormatException("the list of its storages is missing"))
        {
            if (key is not string name || !storages.All.TryGetValue(name, out var storage))
                throw new FormatException("it lists a storage that no tensor uses, so its length is unknown");
            if (storage.Place >= 0)
                throw new FormatException($"storage '{name}' is there twice");
            var count = file.Int64(at);
            if (count != storage.Count)
                throw new FormatException($"storage '{name}' should have {storage.Count} elements, it has {count}");
            at += sizeof(long);
            if (storage.ByteCount > file.Length - at)
                throw new FormatException($"storage '{name}' of {storage.ByteCount} bytes begins at byte {at} and reaches beyond the end: the file is cut off");
            storage.Place = at;
            at += (long)storage.ByteCount;
        }

        if (at != file.Length)
            throw new FormatException($"{file.Length - at} bytes at its end belong to no tensor");
        if (storages.All.Values.FirstOrDefault(s => s.Place < 0) is { } missing)
            throw new FormatException($"storage '{missing.Key}' is missing");
    }
}
