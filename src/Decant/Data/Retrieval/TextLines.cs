using System.Text;
using Decant.Files;

namespace Decant.Data.Retrieval;

/// <summary>The lines of a file in UTF-8 that are not empty, with their numbers.</summary>
internal static class TextLines
{
    /// <summary>Reads them as they are asked for.</summary>
    /// <exception cref="DecantException">There is no such file, or it is not UTF-8.</exception>
    public static IEnumerable<(string Line, int Number)> Of(string file)
    {
        using var reader = Open(file);
        var number = 0;
        using var lines = BoundedLines.Of(reader, file).GetEnumerator();
        while (Next(lines, file))
        {
            number++;
            if (!string.IsNullOrWhiteSpace(lines.Current))
                yield return (lines.Current, number);
        }
    }

    private static StreamReader Open(string file)
    {
        try
        {
            return new StreamReader(RegularFile.Open(file), new UTF8Encoding(false, throwOnInvalidBytes: true));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new DecantException($"{file} cannot be read: {error.Message}", inner: error);
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
