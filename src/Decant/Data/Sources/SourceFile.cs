using Decant.Files;

namespace Decant.Data.Sources;

/// <summary>Opening the files that users name, with messages that say what is wrong.</summary>
internal static class SourceFile
{
    private const int BufferBytes = 1 << 16;

    /// <summary>A regular file.</summary>
    public static FileStream Open(string path) => Open(path, chosen => RegularFile.Open(chosen, bufferBytes: BufferBytes));

    /// <summary>The same; or a pipe that was handed to the process, which cannot be read twice.</summary>
    public static FileStream OpenOrPiped(string path) => Open(path, RegularFile.OpenOrPiped);

    private static FileStream Open(string path, Func<string, FileStream> open)
    {
        if (string.IsNullOrWhiteSpace(path)) throw new DecantException("A data source names an empty file; give the path of a file.");
        try
        {
            var stream = open(path);
            return IsLfsPointer(stream) ? throw NotFetched(stream) : stream;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new DecantException($"{path}: there is no such file (looked for {Path.GetFullPath(path)}); check the path, or fetch the data.", inner: e);
        }
        catch (Exception e) when (e is UnauthorizedAccessException or IOException or ArgumentException)
        {
            throw new DecantException($"{path}: the file cannot be read: {e.Message}", inner: e);
        }
    }

    private static bool IsLfsPointer(FileStream stream)
    {
        const int MostBytes = 1024;
        if (!stream.CanSeek || stream.Length is 0 or > MostBytes) return false;
        var head = "version https://git-lfs.github.com/spec/"u8;
        Span<byte> bytes = stackalloc byte[head.Length];
        var isPointer = stream.ReadAtLeast(bytes, head.Length, throwOnEndOfStream: false) == head.Length && bytes.SequenceEqual(head);
        stream.Position = 0;
        return isPointer;
    }

    private static DecantException NotFetched(FileStream stream)
    {
        stream.Dispose();
        return new DecantException($"{stream.Name}: this is a Git LFS pointer, not the data itself; fetch the data with 'git lfs pull'.");
    }

    /// <summary>Refuses what is no text, by what it is: sound, images, archives, tables in binary. Leaves the stream at its beginning.</summary>
    public static void RefuseBinary(Stream stream, string file)
    {
        if (FileSignature.Fault(file, Head(stream)) is { } fault)
            throw new DecantException(fault);
    }

    /// <summary>Refuses text with zero bytes as UTF-16 without a mark has, where the recipe does not name the encoding. Leaves the stream at its beginning.</summary>
    public static void RefuseUnnamedWide(Stream stream, string file, string encoding)
    {
        if (EncodingGuess.Of(Head(stream)) is "utf-16le" or "utf-16be")
            throw new DecantException($"{file}: expected {encoding.ToUpperInvariant()}, came characters of two bytes.{EncodingHint(stream, encoding)}");
    }

    /// <summary>What the encoding seems to be where a file cannot be read as UTF-8, as a sentence; empty where nothing better is known.</summary>
    public static string EncodingHint(Stream stream, string encoding)
    {
        stream.Position = 0;
        return EncodingGuess.Of(Head(stream)) is { } guess && !guess.Equals(encoding, StringComparison.OrdinalIgnoreCase) && guess != "utf-8"
            ? $"\nBy its bytes it looks like {guess}: if it is, say 'encoding: {guess}'."
            : "";
    }

    private static byte[] Head(Stream stream)
    {
        var head = new byte[FileSignature.HeadBytes];
        var read = stream.ReadAtLeast(head, head.Length, throwOnEndOfStream: false);
        stream.Position = 0;
        return head[..read];
    }
}
