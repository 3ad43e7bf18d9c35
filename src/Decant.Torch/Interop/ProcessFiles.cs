using System.Globalization;

namespace Decant.Torch.Interop;

/// <summary>What Linux says of the process and the machine, in files of lines.</summary>
internal static class ProcessFiles
{
    /// <summary>A number in the line that begins with a title; null: there is none, as where there is no limit.</summary>
    /// <param name="lines">The file.</param>
    /// <param name="title">How the line begins.</param>
    /// <param name="word">Which word of the line it is, from 0.</param>
    public static long? Number(IReadOnlyList<string> lines, string title, int word) =>
        lines.FirstOrDefault(l => l.StartsWith(title, StringComparison.Ordinal))?.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).ElementAtOrDefault(word) is { } text
        && long.TryParse(text, CultureInfo.InvariantCulture, out var number) ? number : null;

    /// <summary>The lines of a file; none where it cannot be read.</summary>
    public static IReadOnlyList<string> Lines(string path)
    {
        try
        {
            return File.ReadAllLines(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
