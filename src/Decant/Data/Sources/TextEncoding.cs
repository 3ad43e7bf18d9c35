using System.Text;
using System.Text.Unicode;

namespace Decant.Data.Sources;

/// <summary>Strict decoding: what is not in the encoding is refused, never replaced.</summary>
internal static class TextEncoding
{
    public static Encoding Find(string name, string file)
    {
        try
        {
            var encoding = CodePagesEncodingProvider.Instance.GetEncoding(name, EncoderFallback.ExceptionFallback, DecoderFallback.ExceptionFallback)
                ?? Encoding.GetEncoding(name, EncoderFallback.ExceptionFallback, DecoderFallback.ExceptionFallback);
            if (encoding.GetByteCount("\n") == 1) return encoding;
            throw new DecantException($"{file}: the encoding '{name}' has line breaks of several bytes, which this source does not read; convert the file: iconv -f {name} -t utf-8.");
        }
        catch (ArgumentException e)
        {
            throw new DecantException($"{file}: the encoding '{name}' is not known; expected a name such as utf-8, latin1 or gb18030.", inner: e);
        }
    }

    /// <summary>The encoding that text is in once <see cref="WideText"/> has made it UTF-8 where it must.</summary>
    public static Encoding AfterWidening(string name, bool wasWide, string file) => Find(wasWide ? "utf-8" : name, file);

    /// <summary>Throws the fault that <see cref="Decode"/> would throw.</summary>
    public static void Check(Encoding encoding, ReadOnlySpan<byte> bytes)
    {
        if (encoding.CodePage == Encoding.UTF8.CodePage ? !Utf8.IsValid(bytes) : !Ascii.IsValid(bytes)) Decode(encoding, bytes);
    }

    /// <summary>The text of one record, or a fault that says which byte is wrong.</summary>
    public static string Decode(Encoding encoding, ReadOnlySpan<byte> bytes)
    {
        try
        {
            return encoding.GetString(bytes);
        }
        catch (DecoderFallbackException e)
        {
            var at = Math.Max(0, e.Index);
            var value = e.BytesUnknown is { Length: > 0 } unknown ? unknown[0] : bytes[Math.Min(at, bytes.Length - 1)];
            throw new RowFaultException(
                $"byte {at + 1} of the line (0x{value:X2}) is not {encoding.WebName.ToUpperInvariant()}; convert the file to UTF-8, or name its encoding with 'encoding'")
            {
                IsOfEncoding = true,
            };
        }
    }
}
