using System.Text;

namespace Decant.Data.Sources;

/// <summary>An open file of text: as it lies, or, where its characters have two bytes or four, as UTF-8 in memory.</summary>
/// <remarks>Every reader of text opens its files by it, so that byte-order marks, zero bytes and files that are no text mean the same everywhere.</remarks>
internal sealed class OpenedText : IDisposable
{
    /// <summary>The longest file of UTF-16 or UTF-32 that is held in memory where a source has no limit of its own.</summary>
    public const long MostBytes = 256L << 20;

    private readonly MemoryStream? _utf8;

    private OpenedText(Stream file, MemoryStream? utf8, Encoding encoding) => (Bytes, _utf8, Encoding) = (utf8 ?? file, utf8, encoding);

    /// <summary>The text at its beginning, which may be UTF-8's byte-order mark.</summary>
    public Stream Bytes { get; }

    /// <summary>What <see cref="Bytes"/> are in; a line break is one byte, and what is not in it is refused.</summary>
    public Encoding Encoding { get; }

    /// <summary>The text as UTF-8; null where the file is read as it lies.</summary>
    public ReadOnlyMemory<byte>? Utf8 => _utf8?.GetBuffer().AsMemory(0, (int)_utf8.Length);

    /// <summary>Finds the encoding of a file: its byte-order mark, otherwise what the user says.</summary>
    /// <param name="file">The file at its beginning; stays the caller's. A pipe is read as it comes.</param>
    /// <param name="name">Its name in messages.</param>
    /// <param name="encoding">What the user says.</param>
    /// <param name="mostBytes">The longest file that is held in memory.</param>
    /// <exception cref="DecantException">It is no text, is UTF-16 without a mark that nobody named, is not in its encoding, or is too long to be held.</exception>
    public static OpenedText Open(Stream file, string name, string encoding = "utf-8", long mostBytes = MostBytes)
    {
        if (!file.CanSeek) return new(file, null, TextEncoding.Find(encoding, name));
        SourceFile.RefuseBinary(file, name);
        var utf8 = WideText.ToUtf8(file, name, encoding, mostBytes);
        if (utf8 is null) SourceFile.RefuseUnnamedWide(file, name, encoding);
        return new(file, utf8, TextEncoding.AfterWidening(encoding, utf8 is not null, name));
    }

    public void Dispose() => _utf8?.Dispose();
}
