using System.Buffers;
using System.Text;

namespace Decant.Files;

/// <summary>Identifies a file that is no text by its first bytes.</summary>
internal static class FileSignature
{
    private static readonly (byte[] Start, string What, string? Next)[] s_known =
    [
        ([0x1F, 0x8B], "a gzip file", "unpack it first ('gunzip')"),
        ([0x50, 0x4B, 0x03, 0x04], "a ZIP archive, as .xlsx and .docx files are too", "unpack it, or export the sheet as CSV"),
        ([0x25, 0x50, 0x44, 0x46], "a PDF", "export its text"),
        ([0x89, 0x50, 0x4E, 0x47], "a PNG image", "pictures are read by the source 'image-folder'"),
        ([0xFF, 0xD8, 0xFF], "a JPEG image", "pictures are read by the source 'image-folder'"),
        ("GIF8"u8.ToArray(), "a GIF image", "pictures are read by the source 'image-folder'"),
        ("OggS"u8.ToArray(), "an Ogg file (sound)", "sound is not read"),
        ("fLaC"u8.ToArray(), "a FLAC file (sound)", "sound is not read"),
        ("ID3"u8.ToArray(), "an MP3 file (sound)", "sound is not read"),
        ("PAR1"u8.ToArray(), "a Parquet file", "such files are read by the source 'parquet'"),
        ("ARROW1"u8.ToArray(), "an Arrow file", "save it as JSON lines or CSV"),
        ("SQLite format 3"u8.ToArray(), "an SQLite database", "export the table as CSV"),
        ([0x89, 0x48, 0x44, 0x46], "an HDF5 file", "save its rows as JSON lines or CSV"),
        ([0x93, 0x4E, 0x55, 0x4D, 0x50, 0x59], "a NumPy array", "save its rows as JSON lines or CSV"),
        ("BZh"u8.ToArray(), "a bzip2 file", "unpack it first"),
        ([0xFD, 0x37, 0x7A, 0x58, 0x5A], "an xz file", "unpack it first"),
        ([0x28, 0xB5, 0x2F, 0xFD], "a Zstandard file", "unpack it first"),
        ([0x37, 0x7A, 0xBC, 0xAF], "a 7-Zip archive", "unpack it first"),
        ([0x7F, 0x45, 0x4C, 0x46], "a program", null),
        ([0x00, 0x00, 0x08, 0x01], "an IDX file of labels", "images and labels are read by the source 'idx'"),
        ([0x00, 0x00, 0x08, 0x03], "an IDX file of images", "images are read by the source 'idx'"),
        ([0x00, 0x00, 0x08, 0x04], "an IDX file of images", "images are read by the source 'idx'"),
    ];

    private static readonly SearchValues<byte> s_control = SearchValues.Create([0, 1, 2, 3, 4, 5, 6, 7, 8, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 28, 29, 30, 31]);

    /// <summary>How many bytes of a file's beginning are looked at.</summary>
    public const int HeadBytes = 64 * 1024;

    /// <summary>What a file is that is no text, such as <c>a WAV file (sound)</c>, and what to do; null where it may be text in some encoding.</summary>
    /// <param name="head">The file's first bytes.</param>
    public static (string What, string? Next)? Of(ReadOnlySpan<byte> head)
    {
        // Letters alone may begin a text too; what they begin otherwise has bytes that are in no text.
        var isText = !head.ContainsAny(s_control);
        if (!isText && head.StartsWith("RIFF"u8))
            return head.Length >= 12 && head[8..12].SequenceEqual("WAVE"u8) ? ("a WAV file (sound)", "sound is not read") : ("a RIFF file (sound or video)", "sound and video are not read");
        foreach (var (start, what, next) in s_known)
        {
            if (head.StartsWith(start) && !(isText && char.IsAsciiLetter((char)start[0])))
                return (what, next);
        }

        return head.Contains((byte)0) && EncodingGuess.Of(head) is null ? ("binary data", null) : null;
    }

    /// <summary>The fault of a file that is no text; null where it may be.</summary>
    /// <param name="file">Its name in messages.</param>
    /// <param name="head">Its first bytes.</param>
    public static string? Fault(string file, ReadOnlySpan<byte> head) =>
        Of(head) is not var (what, next) ? null : new StringBuilder($"{file}: expected text, came {what}").Append(next is null ? "." : $"; {next}.").ToString();
}
