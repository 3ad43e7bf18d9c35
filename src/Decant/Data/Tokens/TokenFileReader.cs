using System.IO.MemoryMappedFiles;
using System.Security.Cryptography;
using Decant.Files;

namespace Decant.Data.Tokens;

/// <summary>Opens token files and holds them to their checksums.</summary>
internal static class TokenFileReader
{
    private const int ChunkBytes = 1 << 20;

    /// <summary>The file, or what is wrong with it; neither where there is none.</summary>
    public static (TokenFile? File, string? Fault) Open(string path, TokenFileKey key, string name)
    {
        try
        {
            using var stream = RegularFile.Open(path, FileShare.Read | FileShare.Delete, 1);
            var head = new byte[TokenFileHeader.Size];
            var (header, fault) = TokenFileHeader.Read(head.AsSpan(0, stream.ReadAtLeast(head, head.Length, throwOnEndOfStream: false)));
            fault ??= FaultOf(header!, key, stream);
            return fault is null ? (Map(path, header!, name), null) : (null, fault);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return default;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return (null, $"it cannot be read ({e.Message})");
        }
    }

    private static string? FaultOf(TokenFileHeader header, TokenFileKey key, FileStream stream)
    {
        if (header.Key != key) return "it was made of another source or by another tokenizer";
        if (stream.Length != header.FileSize) return $"it has {stream.Length:N0} bytes instead of {header.FileSize:N0}";
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var chunk = new byte[ChunkBytes];
        for (int read; (read = stream.Read(chunk)) > 0;) hash.AppendData(chunk.AsSpan(0, read));
        return hash.GetHashAndReset().AsSpan().SequenceEqual(header.BodyHash) ? null : "its checksum is wrong";
    }

    private static TokenFile Map(string path, TokenFileHeader header, string name)
    {
        var file = MemoryMappedFile.CreateFromFile(
            RegularFile.Open(path, FileShare.Read | FileShare.Delete, 1), null, 0, MemoryMappedFileAccess.Read, HandleInheritability.None, leaveOpen: false);
        try
        {
            return new TokenFile(path, header, file, file.CreateViewAccessor(0, 0, MemoryMappedFileAccess.Read)) { Name = name };
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }
}
