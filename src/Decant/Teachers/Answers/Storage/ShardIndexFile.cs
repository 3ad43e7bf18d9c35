using System.Buffers.Binary;
using Decant.Files;

namespace Decant.Teachers.Answers.Storage;

/// <summary>What a scan found, kept beside a shard so that it need not be read again: a cache, which may be missing, short of the shard or removed at any time.</summary>
internal static class ShardIndexFile
{
    private const int EntrySize = AnswerKey.Size + sizeof(long) + sizeof(int);
    private const int HeaderSize = 4 * sizeof(long);

    private static ReadOnlySpan<byte> Magic => "decantIX"u8;

    /// <summary>Its name.</summary>
    /// <param name="shard">The shard's.</param>
    public static string PathOf(string shard) => Path.ChangeExtension(shard, ".index");

    /// <summary>Writes it; where that is not possible, nothing is lost but time.</summary>
    /// <param name="shard">The shard's file.</param>
    /// <param name="mark">The mark of its store.</param>
    /// <param name="entries">The answers in it.</param>
    /// <param name="end">Where the part ends that they are all answers of.</param>
    public static void Write(string shard, ulong mark, IReadOnlyCollection<ShardEntry> entries, long end)
    {
        var bytes = new byte[HeaderSize + (long)entries.Count * EntrySize + sizeof(uint)];
        Magic.CopyTo(bytes);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(8), mark);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(16), end);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(24), entries.Count);
        var at = HeaderSize;
        foreach (var entry in entries)
        {
            entry.Key.Write(bytes.AsSpan(at));
            BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(at + AnswerKey.Size), entry.At);
            BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(at + AnswerKey.Size + sizeof(long)), entry.Length);
            at += EntrySize;
        }

        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(at), Checksum.Of(bytes.AsSpan(0, at)));
        try
        {
            AtomicFile.Write(PathOf(shard), bytes);
        }
        catch (DecantException)
        {
        }
    }

    /// <summary>Reads it; null: there is none that fits the shard.</summary>
    /// <param name="shard">The shard's file.</param>
    /// <param name="mark">The mark of its store.</param>
    /// <param name="length">The bytes of the shard.</param>
    public static (IReadOnlyList<ShardEntry> Entries, long End)? Read(string shard, ulong mark, long length)
    {
        byte[] bytes;
        try
        {
            bytes = File.ReadAllBytes(PathOf(shard));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }

        if (bytes.Length < HeaderSize + sizeof(uint) || !bytes.AsSpan().StartsWith(Magic) || BinaryPrimitives.ReadUInt64LittleEndian(bytes.AsSpan(8)) != mark)
            return null;
        var (end, count) = (BinaryPrimitives.ReadInt64LittleEndian(bytes.AsSpan(16)), BinaryPrimitives.ReadInt64LittleEndian(bytes.AsSpan(24)));
        var body = bytes.Length - sizeof(uint);
        if (end > length || count != (body - HeaderSize) / EntrySize || Checksum.Of(bytes.AsSpan(0, body)) != BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(body)))
            return null;
        var entries = new ShardEntry[count];
        for (var (i, at) = (0, HeaderSize); i < entries.Length; i++, at += EntrySize)
            entries[i] = new ShardEntry(AnswerKey.Read(bytes.AsSpan(at)), BinaryPrimitives.ReadInt64LittleEndian(bytes.AsSpan(at + AnswerKey.Size)), BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(at + AnswerKey.Size + sizeof(long))));
        return (entries, end);
    }
}
