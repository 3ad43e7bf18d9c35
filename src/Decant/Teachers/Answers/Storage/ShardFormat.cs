using System.Buffers;
using System.Buffers.Binary;

namespace Decant.Teachers.Answers.Storage;

/// <summary>
/// The bytes of a shard: a header of 32 bytes, then records, each at a multiple of 8 bytes: a header of 32 bytes with the payload's length, its key, its checksum, a mark and the
/// checksum of these, then the payload and zeros up to the next multiple of 8. All numbers are little-endian.
/// </summary>
internal static class ShardFormat
{
    /// <summary>The ending of a shard's name.</summary>
    public const string Extension = ".answers";

    /// <summary>The bytes of a header, of a shard's and of a record's.</summary>
    public const int HeaderSize = 32;

    /// <summary>The most bytes of a payload.</summary>
    public const int MostPayload = 1 << 30;

    private const int Alignment = 8;
    private const int ChecksumAt = 28;
    private const uint RecordMark = 0x5245_5741; // says "AWER" in a dump

    private static ReadOnlySpan<byte> Magic => "decantAN"u8;

    /// <summary>Where the record after one begins.</summary>
    /// <param name="at">Where this one begins.</param>
    /// <param name="length">The bytes of its payload.</param>
    public static long End(long at, int length) => (at + HeaderSize + length + Alignment - 1) & ~(Alignment - 1L);

    /// <summary>The next place at which a record could begin.</summary>
    public static long Next(long at) => at + Alignment;

    /// <summary>The header of a shard.</summary>
    /// <param name="mark">The mark of its store.</param>
    public static byte[] Header(ulong mark)
    {
        var header = new byte[HeaderSize];
        Magic.CopyTo(header);
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(8), AnswerManifest.Version);
        BinaryPrimitives.WriteUInt64LittleEndian(header.AsSpan(16), mark);
        Seal(header);
        return header;
    }

    /// <summary>What is wrong with the header of a shard, as a clause; null: nothing.</summary>
    /// <param name="header">Its 32 bytes.</param>
    /// <param name="mark">The mark of the store that it lies in.</param>
    public static string? WhyForeign(ReadOnlySpan<byte> header, ulong mark)
    {
        if (!header.StartsWith(Magic) || !IsSealed(header))
            return "it is no shard of answers, or its first bytes are damaged";
        var version = BinaryPrimitives.ReadInt32LittleEndian(header[8..]);
        if (version > AnswerManifest.Version)
            return $"it has version {version} of the format, and this program reads versions up to {AnswerManifest.Version}";
        return BinaryPrimitives.ReadUInt64LittleEndian(header[16..]) == mark ? null : "it belongs to a store of another teacher or of other settings";
    }

    /// <summary>Writes a record.</summary>
    /// <param name="output">Where to; as many bytes are in it as make a multiple of 8.</param>
    /// <param name="key">The key of the question.</param>
    /// <param name="payload">The answer.</param>
    public static void WriteRecord(IBufferWriter<byte> output, AnswerKey key, ReadOnlySpan<byte> payload)
    {
        var size = (int)End(0, payload.Length);
        var record = output.GetSpan(size)[..size];
        record.Clear();
        BinaryPrimitives.WriteInt32LittleEndian(record, payload.Length);
        key.Write(record[4..]);
        BinaryPrimitives.WriteUInt32LittleEndian(record[20..], Checksum.Of(payload));
        BinaryPrimitives.WriteUInt32LittleEndian(record[24..], RecordMark);
        Seal(record[..HeaderSize]);
        payload.CopyTo(record[HeaderSize..]);
        output.Advance(size);
    }

    /// <summary>Reads the header of a record; null: there is none here.</summary>
    /// <param name="header">Its 32 bytes.</param>
    public static (AnswerKey Key, int Length, uint Checksum)? ReadRecord(ReadOnlySpan<byte> header)
    {
        if (BinaryPrimitives.ReadUInt32LittleEndian(header[24..]) != RecordMark || !IsSealed(header))
            return null;
        var length = BinaryPrimitives.ReadInt32LittleEndian(header);
        return length is < 0 or > MostPayload ? null : (AnswerKey.Read(header[4..]), length, BinaryPrimitives.ReadUInt32LittleEndian(header[20..]));
    }

    private static void Seal(Span<byte> header) => BinaryPrimitives.WriteUInt32LittleEndian(header[ChecksumAt..], Checksum.Of(header[..ChecksumAt]));

    private static bool IsSealed(ReadOnlySpan<byte> header) => BinaryPrimitives.ReadUInt32LittleEndian(header[ChecksumAt..]) == Checksum.Of(header[..ChecksumAt]);
}
