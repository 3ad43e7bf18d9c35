using System.Text;
using Decant.Data.Sources;
using Decant.Files;

namespace Decant.Data.Retrieval;

/// <summary>The lines of a file that are not empty: UTF-8, or UTF-16 or UTF-32 with its byte-order mark, with their numbers.</summary>
internal static class TextLines
{
    /// <summary>Reads them as they are asked for.</summary>
    /// <exception cref="DecantException">There is no such file, or it is not UTF-8.</exception>
    public static IEnumerable<(string Line, int Number)> Of(string file)
    {
        using var stream = SourceFile.Open(file);
        using var text = OpenedText.Open(stream, file);
        using var reader = new StreamReader(text.Bytes, text.Encoding);
        var number = 0;
        using var lines = BoundedLines.Of(reader, file).GetEnumerator();
        while (Next(lines, file))
        {
            number++;
            if (!string.IsNullOrWhiteSpace(lines.Current))
                yield return (lines.Current, number);
        }
    }

    private static bool Next(IEnumerator<string> lines, string file)
    {
        try
        {
            return lines.MoveNext();
        }
        catch (DecoderFallbackException error)
        {
            throw new DecantException($"{file} is not UTF-8: {error.Message} Convert it.", inner: error);
        }
    }
}
