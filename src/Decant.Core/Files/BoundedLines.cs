using System.Text;

namespace Decant.Files;

/// <summary>Lines of a text that comes from elsewhere, of which none may take all memory.</summary>
internal static class BoundedLines
{
    /// <summary>The most characters of a line.</summary>
    public const int MostCharacters = 16 << 20;

    private const int ChunkCharacters = 1 << 14;

    /// <summary>The lines, which LF, CR LF or CR ends, read as they are asked for.</summary>
    /// <param name="reader">The text; stays the caller's.</param>
    /// <param name="name">Its name in messages.</param>
    /// <param name="most">The most characters of a line.</param>
    /// <exception cref="DecantException">A line is longer.</exception>
    public static IEnumerable<string> Of(TextReader reader, string name, int most = MostCharacters)
    {
        var (line, chunk, number, isAfterReturn) = (new StringBuilder(), new char[ChunkCharacters], 1L, false);
        for (int read; (read = reader.Read(chunk, 0, chunk.Length)) > 0;)
        {
            var at = isAfterReturn && chunk[0] == '\n' ? 1 : 0;
            isAfterReturn = false;
            while (chunk.AsSpan(at, read - at).IndexOfAny('\n', '\r') is var length and >= 0)
            {
                yield return Taken(line.Append(chunk, at, length));
                number++;
                at += length + 1;
                if (chunk[at - 1] != '\r')
                    continue;
                isAfterReturn = at == read;
                if (at < read && chunk[at] == '\n')
                    at++;
            }

            line.Append(chunk, at, read - at);
            if (line.Length > most)
                throw new DecantException($"{name}:{number}: a line of more than {most:N0} characters; is this another kind of file?");
        }

        if (line.Length > 0)
            yield return Taken(line);
    }

    private static string Taken(StringBuilder line)
    {
        var text = line.ToString();
        line.Clear();
        return text;
    }
}
