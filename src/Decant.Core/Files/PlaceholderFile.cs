using System.Text;

namespace Decant.Files;

/// <summary>Detects placeholders for other files: Git LFS's pointers, web pages that a failed download left, files of no length.</summary>
internal static class PlaceholderFile
{
    /// <summary>How many bytes of a file's beginning are enough to decide.</summary>
    public const int HeadBytes = 512;

    private const string Pointer = "a Git LFS pointer", Page = "a web page";

    private static readonly string[] s_pageStarts = ["<!doctype html", "<html", "<head", "<?xml"];

    /// <summary>Refuses a file that stands in for the real one.</summary>
    /// <exception cref="DecantException">What it is, and how to get the real one; or it is no regular file.</exception>
    /// <exception cref="IOException">It is not there or cannot be read.</exception>
    public static void Refuse(string path)
    {
        var head = Head(path);
        if (head.Length == 0)
            throw new DecantException($"{path} is empty: it has 0 bytes. Download or save it again.");
        if (NameOf(head) is not { } name)
            return;
        throw new DecantException(name == Page
            ? $"{path} is {Page}, not the file itself: the download ended on a page of the site (an error, or a login). Download it again."
            : $"{path} is {Pointer}{SizeIn(TextOf(head))}, not the file itself: the repository was cloned without it. Run 'git lfs pull' in its folder, or download the file.");
    }

    /// <summary>What stands in the place of a file: "a Git LFS pointer", "a web page"; null: nothing that is known.</summary>
    /// <param name="head">The file's first bytes.</param>
    public static string? NameOf(ReadOnlySpan<byte> head)
    {
        var text = TextOf(head);
        return text.StartsWith("version https://git-lfs.github.com/spec/", StringComparison.Ordinal) ? Pointer
            : Array.Exists(s_pageStarts, start => text.StartsWith(start, StringComparison.OrdinalIgnoreCase)) ? Page
            : null;
    }

    /// <summary>A file's first bytes.</summary>
    public static byte[] Head(string path)
    {
        using var stream = RegularFile.Open(path, bufferBytes: HeadBytes);
        var room = new byte[HeadBytes];
        return room[..stream.ReadAtLeast(room, room.Length, throwOnEndOfStream: false)];
    }

    private static string TextOf(ReadOnlySpan<byte> head) => Encoding.UTF8.GetString(head).TrimStart('\ufeff', ' ', '\t', '\r', '\n');

    private static string SizeIn(string pointer)
    {
        var line = pointer.Split('\n').FirstOrDefault(l => l.StartsWith("size ", StringComparison.Ordinal));
        return line is not null && long.TryParse(line[5..].Trim(), out var bytes) ? $" to {bytes} bytes" : "";
    }
}
