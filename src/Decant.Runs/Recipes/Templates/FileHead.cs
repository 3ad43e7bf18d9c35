using Decant.Files;

namespace Decant.Runs.Recipes.Templates;

/// <summary>The beginning of a data file, decoded.</summary>
internal sealed class FileHead
{
    private const int MostBytes = 1 << 20;

    private FileHead(string path, byte[] bytes, bool isWhole, string encoding)
    {
        Path = path;
        IsWhole = isWhole;
        Encoding = encoding;
        Text = EncodingGuess.Decode(bytes, encoding);
        IsIdx = bytes is [0, 0, 8, 3 or 4, ..];
    }

    public string Path { get; }

    /// <summary>Whether the file ends here.</summary>
    public bool IsWhole { get; }

    /// <summary>The encoding that it seems to be in.</summary>
    public string Encoding { get; }

    /// <summary>The same where the recipe must say it; null where the source finds out by itself.</summary>
    public string? EncodingToSay => Encoding is "utf-8" or "utf-16" or "utf-32" ? null : Encoding;

    public string Text { get; }

    /// <summary>Whether it begins as IDX's images do.</summary>
    public bool IsIdx { get; }

    /// <exception cref="DecantException">The file is empty, is no text, or cannot be read.</exception>
    public static FileHead Read(string path)
    {
        try
        {
            using var file = RegularFile.Open(path);
            var bytes = new byte[MostBytes];
            var read = file.ReadAtLeast(bytes, MostBytes, throwOnEndOfStream: false);
            if (read == 0) throw new DecantException($"{path}: expected a first line that names the columns, came an empty file.");
            bytes = bytes[..read];
            if (bytes is not [0, 0, 8, 3 or 4, ..] && FileSignature.Fault(path, bytes) is { } fault) throw new DecantException(fault);
            return new FileHead(path, bytes, read < MostBytes, EncodingGuess.Of(bytes) ?? "utf-8");
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new DecantException($"{path}: the data cannot be read: {fault.Message}", ExitCodes.BadInput, fault);
        }
    }

    /// <summary>The lines; the last is left out where the file goes on.</summary>
    public string[] Lines()
    {
        var lines = Text.ReplaceLineEndings("\n").Split('\n');
        return lines[^1].Length == 0 || (!IsWhole && lines.Length > 1) ? lines[..^1] : lines;
    }
}
