using System.Text;

namespace Decant.Data.Sources;

/// <summary>Text in an encoding with characters of two bytes or four: it is made UTF-8 as a whole, before it is cut into lines.</summary>
internal static class WideText
{
    /// <summary>The text of a file as UTF-8 in memory; null where its encoding is not wide, and it is read as it is.</summary>
    /// <param name="stream">The file at its beginning, where it is left.</param>
    /// <param name="file">Its name in messages.</param>
    /// <param name="encoding">What the recipe says; a byte-order mark says more.</param>
    /// <param name="mostBytes">The longest file that is held in memory.</param>
    /// <exception cref="DecantException">The file is longer, or is not in the encoding.</exception>
    public static MemoryStream? ToUtf8(Stream stream, string file, string encoding, long mostBytes)
    {
        if ((Marked(stream) ?? Find(encoding)) is not { } wide)
            return null;
        if (stream.Length > mostBytes)
            throw new DecantException($"{file}: a file of {wide.WebName.ToUpperInvariant()} is held in memory, and this one has {stream.Length >> 20:N0} MiB where {mostBytes >> 20:N0} MiB may be; convert it: iconv -f {wide.WebName} -t utf-8.");
        var utf8 = new MemoryStream();
        try
        {
            // A mark becomes UTF-8's, which is passed over as that of a file in UTF-8 is.
            using var reader = new StreamReader(stream, wide, detectEncodingFromByteOrderMarks: false, leaveOpen: true);
            using var writer = new StreamWriter(utf8, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), leaveOpen: true);
            var room = new char[1 << 15];
            for (int read; (read = reader.Read(room, 0, room.Length)) > 0;)
                writer.Write(room, 0, read);
        }
        catch (ArgumentException fault) // a DecoderFallbackException, or an EncoderFallbackException at half of a surrogate pair
        {
            throw new DecantException($"{file}: this is not {wide.WebName.ToUpperInvariant()}: {fault.Message} Name the encoding that it has with 'encoding', or convert it to UTF-8.", inner: fault);
        }

        utf8.Position = 0;
        return utf8;
    }

    private static Encoding? Marked(Stream stream)
    {
        Span<byte> head = stackalloc byte[4];
        var read = stream.ReadAtLeast(head, 4, throwOnEndOfStream: false);
        stream.Position = 0;
        return head[..read] switch
        {
            [0xFF, 0xFE, 0, 0] => Strict("utf-32"),
            [0, 0, 0xFE, 0xFF] => Strict("utf-32BE"),
            [0xFF, 0xFE, ..] => Strict("utf-16"),
            [0xFE, 0xFF, ..] => Strict("utf-16BE"),
            _ => null,
        };
    }

    private static Encoding? Find(string name)
    {
        try
        {
            return Strict(name) is { } encoding && encoding.GetByteCount("\n") > 1 ? encoding : null;
        }
        catch (ArgumentException)
        {
            return null; // TextEncoding.Find says so
        }
    }

    private static Encoding Strict(string name) => Encoding.GetEncoding(name, EncoderFallback.ExceptionFallback, DecoderFallback.ExceptionFallback);
}
