using System.Text;

namespace Decant.Files;

/// <summary>Detects placeholders for other files: Git LFS's pointers, web pages that a failed download left, files of no length.</summary>
internal static class PlaceholderFile
{
    /// <summary>How many bytes of a file's beginning are enough to decide.</summary>
    public const int HeadBytes = 512;

    private static readonly string[] s_pageStarts = ["<!doctype html", "<html", "<head", "<?xml"];

    /// <summary>Refuses a file that stands in for the real one.</summary>
    /// <exception cref="DecantException">What it is, and how to get the real one; or it is no regular file.</exception>
    /// <exception cref="IOException">It is not there or cannot be read.</exception>
    public static void Refuse(string path)
    {
        var head = Head(path);
        if (head.Length == 0)
            throw new DecantException($"{path} is empty: it has 0 bytes. Download or save it again.");
        var text = Encoding.UTF8.GetString(head).TrimStart('\ufeff', ' ', '\t', '\r', '\n');
        if (text.StartsWith("version https://git-lfs.github.com/spec/", StringComparison.Ordinal))
        {
            throw new DecantException(
                $"{path} is a Git LFS pointer{SizeIn(text)}, not the file itself: the repository was cloned without it. Run 'git lfs pull' in its folder, or download the file.");
        }

        if (Array.Exists(s_pageStarts, start => text.StartsWith(start, StringComparison.OrdinalIgnoreCase)))
            throw new DecantException($"{path} is a web page, not the file itself: the download ended on a page of the site (an error, or a login). Download it again.");
    }

    /// <summary>A file's first bytes.</summary>
    public static byte[] Head(string path)
    {
        using var stream = RegularFile.Open(path, bufferBytes: HeadBytes);
        var room = new byte[HeadBytes];
        return room[..stream.ReadAtLeast(room, room.Length, throwOnEndOfStream: false)];
    }

    private static string SizeIn(string pointer)
    {
        var line = pointer.Split('\n').FirstOrDefault(l => l.StartsWith("size ", StringComparison.Ordinal));
        return line is not null && long.TryParse(line[5..].Trim(), out var bytes) ? $" to {bytes} bytes" : "";
    }
}
