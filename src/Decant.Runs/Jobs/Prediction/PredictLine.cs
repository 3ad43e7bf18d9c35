using System.Text;
using Decant.Data.Sources;
using Decant.Files;

namespace Decant.Runs.Jobs.Prediction;

/// <summary>A line to be answered.</summary>
/// <param name="Number">Which, from 1.</param>
/// <param name="Text">The line without its end.</param>
/// <param name="Fault">Why it could not be read; null: it could.</param>
public sealed record PredictLine(long Number, string Text, string? Fault = null)
{
    /// <summary>Texts that are given as they are.</summary>
    public static IEnumerable<PredictLine> Of(IEnumerable<string> texts) => texts.Select((text, i) => new PredictLine(i + 1, text));

    /// <summary>What comes in, line by line.</summary>
    /// <exception cref="DecantException">A line has more than 16 million characters.</exception>
    public static IEnumerable<PredictLine> Of(TextReader reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        return BoundedLines.Of(reader, "the standard input").Select((text, i) => new PredictLine(i + 1L, text));
    }

    /// <summary>The lines of a file of UTF-8, or of UTF-16 or UTF-32 with its byte-order mark, one at a time.</summary>
    /// <exception cref="DecantException">The file cannot be opened, is no text, or has a line of more than 64 MiB.</exception>
    public static IEnumerable<PredictLine> OfFile(string path)
    {
        using var stream = SourceFile.OpenOrPiped(path);
        using var text = OpenedText.Open(stream, path, mostBytes: Array.MaxLength);
        using var scanner = new LineScanner(text.Bytes, path, keepEmpty: true);
        while (scanner.TryRead(out var record))
            yield return Decode(text.Encoding, record.Line, scanner.Bytes.Span);
    }

    private static PredictLine Decode(Encoding encoding, long number, ReadOnlySpan<byte> bytes)
    {
        try
        {
            return new PredictLine(number, TextEncoding.Decode(encoding, bytes));
        }
        catch (RowFaultException fault)
        {
            return new PredictLine(number, "", fault.Message.Split(';')[0]);
        }
    }
}
