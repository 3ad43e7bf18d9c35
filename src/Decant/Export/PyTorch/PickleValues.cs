using Decant.Torch;

namespace Decant.Export.PyTorch;

// What a pickle holds, as the machine builds it: long, BigInteger, double, bool, string, byte[] and null as they are, object?[] for a tuple,
// List<object?> for a list or a set, and these.

/// <summary>A dictionary, in order. Keys are not hashed while the pickle runs: a long key used often would cost more than the file's length.</summary>
internal sealed class PickleDict
{
    public List<KeyValuePair<object?, object?>> Items { get; } = [];
}

/// <summary>A name that the pickle may use: of a function, a type, a dtype, a storage.</summary>
/// <param name="Name">Module and name, such as <c>torch.Size</c>.</param>
/// <param name="Call">What calling it gives; null: it is not called.</param>
/// <param name="Type">The element type that it is or stores; null: none, or bytes.</param>
/// <param name="IsStorage">Whether it names a kind of storage.</param>
internal sealed record PickleName(string Name, Func<object?[], object?>? Call = null, DType? Type = null, bool IsStorage = false);

/// <summary>A run of elements in the file.</summary>
/// <param name="Key">Its name in the file.</param>
/// <param name="Type">Their type; null: bytes.</param>
/// <param name="Count">How many.</param>
/// <param name="FileLength">The length of the file that they are in.</param>
internal sealed record PickleStorage(string Key, DType? Type, long Count, long FileLength)
{
    /// <summary>Where its bytes are in the file; −1 until that is known.</summary>
    public long Place { get; set; } = -1;

    /// <summary>How many bytes.</summary>
    public Int128 ByteCount => (Int128)Count * (Type?.Size() ?? 1);
}

/// <summary>A part of a storage, which PyTorch's first versions saved under a name of its own.</summary>
internal sealed record PickleStorageView(PickleStorage Storage, long First, long Count);

/// <summary>A tensor: a storage and how to walk through it.</summary>
/// <param name="Storage">Its elements.</param>
/// <param name="Type">Their type.</param>
/// <param name="First">The index of its first element.</param>
/// <param name="Sizes">Its shape.</param>
/// <param name="Strides">Elements from one index to the next, per dimension.</param>
internal sealed record PickleTensor(PickleStorage Storage, DType Type, long First, long[] Sizes, long[] Strides)
{
    public bool IsEmpty => Array.Exists(Sizes, s => s == 0);

    /// <summary>How many elements of the storage it reaches over, from its first one on.</summary>
    public long Span { get; private init; }

    /// <summary>How many bytes its elements have.</summary>
    public long ByteCount { get; private init; }

    /// <summary>The tensor, if it stays within its storage (or the part of it) and has no more bytes than the file.</summary>
    /// <exception cref="FormatException">It does not.</exception>
    public PickleTensor Checked(long first, long end, long fileLength)
    {
        Int128 count = 1, span = 1, room = 1;
        for (var d = 0; d < Sizes.Length; d++)
        {
            count *= Sizes[d];
            room *= Math.Max(1, Sizes[d]);
            span += (Int128)Math.Max(0, Sizes[d] - 1) * Strides[d];
            if (room > long.MaxValue / 16 || span > long.MaxValue)
                throw new FormatException($"a tensor of shape [{string.Join(", ", Sizes)}] is larger than any file");
        }

        if (count * Type.Size() > fileLength)
            throw new FormatException($"a tensor of shape [{string.Join(", ", Sizes)}] has {count * Type.Size()} bytes, the file {fileLength}");
        if (count > 0 && (Int128)first + First + span > end)
        {
            throw new FormatException(
                $"a tensor of shape [{string.Join(", ", Sizes)}] and strides [{string.Join(", ", Strides)}] from element {First} reaches beyond the " +
                $"{end - first} elements of storage '{Storage.Key}'");
        }

        return this with { First = first + First, Span = count > 0 ? (long)span : 0, ByteCount = (long)count * Type.Size() };
    }
}

/// <summary>Something that a reader of tensors does not do.</summary>
internal sealed class PickleRefusedException(string what, long position) : Exception($"{what} (byte {position} of its pickle)");
