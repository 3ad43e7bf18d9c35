using System.Text;
using Decant.Data.Sources;
using Decant.Files;

namespace Decant.Runs.Jobs.Generation;

/// <summary>Reads a text to be continued from where a user keeps it.</summary>
internal static class PromptText
{
    private const int MostBytes = 16 << 20;

    /// <summary>A file's text; UTF-8, or UTF-16 or UTF-32 with its byte-order mark. The end of its last line is not part of it.</summary>
    /// <param name="path">The file, or a pipe that was handed to the process, such as <c>/dev/stdin</c>.</param>
    /// <exception cref="DecantException">There is no such file, it is no text, or it has more than 16 MiB.</exception>
    public static string OfFile(string path)
    {
        using var stream = SourceFile.OpenOrPiped(path);
        var bytes = RegularFile.Bytes(stream, path, MostBytes);
        using var whole = new MemoryStream(bytes);
        using var text = OpenedText.Open(whole, path, mostBytes: MostBytes);
        try
        {
            return TextEncoding.Decode(text.Encoding, text.Utf8 is { } utf8 ? utf8.Span : bytes).TrimStart('\uFEFF').TrimEnd('\r', '\n');
        }
        catch (RowFaultException fault)
        {
            throw new DecantException($"{path}: the text cannot be read: {fault.Message.Split(';')[0]}; save the file as UTF-8.", inner: fault);
        }
    }

    /// <summary>All that comes in; the end of its last line is not part of it.</summary>
    /// <param name="reader">The standard input, say; stays the caller's.</param>
    /// <exception cref="DecantException">It is longer than 16 million characters.</exception>
    public static string Of(TextReader reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        var (text, chunk) = (new StringBuilder(), new char[1 << 14]);
        for (int read; (read = reader.Read(chunk, 0, chunk.Length)) > 0;)
        {
            if (text.Append(chunk, 0, read).Length > MostBytes)
                throw new DecantException($"The standard input: expected a text of at most {MostBytes:N0} characters to continue, came more.");
        }

        return text.ToString().TrimEnd('\r', '\n');
    }
}
