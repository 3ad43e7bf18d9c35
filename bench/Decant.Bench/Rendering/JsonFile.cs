using System.Text;
using Decant.Files;

namespace Decant.Bench.Rendering;

/// <summary>JSON where the user wants it.</summary>
internal static class JsonFile
{
    /// <summary>Writes to a file, for <c>-</c> to the output, for null nowhere.</summary>
    public static void Write(TextWriter output, string? file, string json)
    {
        if (file == "-") output.WriteLine(json);
        else if (file is not null) AtomicFile.Write(file, Encoding.UTF8.GetBytes(json + "\n"));
    }
}
