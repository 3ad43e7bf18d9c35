using System.Security.Cryptography;

namespace Decant.Files;

/// <summary>The SHA-256 of a file, in hexadecimal.</summary>
internal static class FileHash
{
    public static string Of(string path)
    {
        using var stream = RegularFile.Open(path);
        return Convert.ToHexStringLower(SHA256.HashData(stream));
    }
}
