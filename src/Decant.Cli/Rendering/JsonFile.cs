using System.Text;
using Decant.Cli.Hosting;
using Decant.Files;

namespace Decant.Cli.Rendering;

/// <summary>JSON where the user wants it.</summary>
internal static class JsonFile
{
    /// <summary>Writes to a file, for <c>-</c> to the output, for null nowhere.</summary>
    public static void Write(CliServices services, string? file, string json)
    {
        if (file == "-") services.Out.WriteLine(json);
        else if (file is not null) AtomicFile.Write(file, Encoding.UTF8.GetBytes(json + "\n"));
    }
}
