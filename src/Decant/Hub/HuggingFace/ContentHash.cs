using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Decant.Hub.HuggingFace;

/// <summary>What a file hashes to: SHA-256 of a large one, kept outside of git (LFS, Xet), and git's own SHA-1 of a small one. The hub sends it as ETag.</summary>
internal sealed record ContentHash
{
    private const int GitDigits = 40, LargeDigits = 64;
    private const int BufferBytes = 1 << 20;

    private ContentHash(string hex) => Hex = hex;

    /// <summary>The hash, lower case: 40 digits of git's SHA-1, or 64 of SHA-256. It is the file's name in the cache.</summary>
    public string Hex { get; }

    /// <summary>Whether it is git's SHA-1 of a small file.</summary>
    public bool IsGit => Hex.Length == GitDigits;

    /// <summary>A hash in hexadecimal, or an ETag of one; null: it is no hash of the two kinds.</summary>
    public static ContentHash? Of(string? text)
    {
        if (text is null)
            return null;
        var hex = (text.StartsWith("W/", StringComparison.Ordinal) ? text[2..] : text).Trim().Trim('"');
        return hex.Length is GitDigits or LargeDigits && hex.All(char.IsAsciiHexDigit) ? new ContentHash(hex.ToLowerInvariant()) : null;
    }

    /// <summary>What a file on the disk hashes to, by the same kind of hash.</summary>
    /// <param name="file">The file.</param>
    /// <param name="cancellationToken">Stops.</param>
    public string OfFile(string file, CancellationToken cancellationToken)
    {
        using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 1, FileOptions.SequentialScan);
        using var hash = IncrementalHash.CreateHash(IsGit ? HashAlgorithmName.SHA1 : HashAlgorithmName.SHA256);
        if (IsGit) // git hashes a head and the content
            hash.AppendData(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"blob {stream.Length}\0")));
        var buffer = new byte[BufferBytes];
        for (int read; (read = stream.Read(buffer)) > 0; cancellationToken.ThrowIfCancellationRequested())
            hash.AppendData(buffer, 0, read);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
