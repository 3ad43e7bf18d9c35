using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Decant.Data.Tokens;

/// <summary>The first 256 bytes of a token file, little-endian; after them the tokens, zeros up to a multiple of 8, the first token of each document, and the text bytes before each.</summary>
/// <param name="Key">What the file was made of.</param>
/// <param name="Tokens">N, ends of documents included.</param>
/// <param name="Documents">D.</param>
/// <param name="TextBytes">The UTF-8 bytes of all documents.</param>
/// <param name="EmptyDocuments">Documents of which nothing but the end is there.</param>
/// <param name="BodyHash">[32] SHA-256 of all after the header.</param>
internal sealed record TokenFileHeader(TokenFileKey Key, long Tokens, long Documents, long TextBytes, long EmptyDocuments, byte[] BodyHash)
{
    public const int Size = 256;
    private const int Version = 1;
    private const int HashBytes = SHA256.HashSizeInBytes;
    private const int HashedBytes = 56 + (3 * HashBytes);

    private static ReadOnlySpan<byte> Magic => "decanttk"u8;

    /// <summary>Where the first tokens of the documents stand, D int64.</summary>
    public long StartsOffset => Size + ((Tokens * Key.Width) + 7) / 8 * 8;

    /// <summary>Where the text bytes before the documents stand, D int64.</summary>
    public long BytesOffset => StartsOffset + (Documents * sizeof(long));

    public long FileSize => BytesOffset + (Documents * sizeof(long));

    public byte[] Write()
    {
        var bytes = new byte[Size];
        Magic.CopyTo(bytes);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(8), Version);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(12), Key.Width);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(16), Key.Vocabulary);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(20), Key.EndOfText);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(24), Tokens);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(32), Documents);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(40), TextBytes);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(48), EmptyDocuments);
        Key.TokenizerHash.CopyTo(bytes, 56);
        Key.SourceHash.CopyTo(bytes, 56 + HashBytes);
        BodyHash.CopyTo(bytes, 56 + (2 * HashBytes));
        SHA256.HashData(bytes.AsSpan(0, HashedBytes), bytes.AsSpan(HashedBytes));
        return bytes;
    }

    /// <summary>Reads a header; the fault is null where there is none.</summary>
    public static (TokenFileHeader? Header, string? Fault) Read(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < Size) return (null, "it is cut off");
        if (!bytes.StartsWith(Magic)) return (null, "it is no token file");
        var version = BinaryPrimitives.ReadInt32LittleEndian(bytes[8..]);
        if (version != Version) return (null, $"it is of version {version}, and this program writes version {Version}");
        if (!SHA256.HashData(bytes[..HashedBytes]).AsSpan().SequenceEqual(bytes.Slice(HashedBytes, HashBytes))) return (null, "its header is damaged");
        var key = new TokenFileKey(
            BinaryPrimitives.ReadInt32LittleEndian(bytes[16..]), BinaryPrimitives.ReadInt32LittleEndian(bytes[20..]),
            bytes.Slice(56, HashBytes).ToArray(), bytes.Slice(56 + HashBytes, HashBytes).ToArray());
        return (new TokenFileHeader(
            key, BinaryPrimitives.ReadInt64LittleEndian(bytes[24..]), BinaryPrimitives.ReadInt64LittleEndian(bytes[32..]),
            BinaryPrimitives.ReadInt64LittleEndian(bytes[40..]), BinaryPrimitives.ReadInt64LittleEndian(bytes[48..]), bytes.Slice(56 + (2 * HashBytes), HashBytes).ToArray()), null);
    }
}
