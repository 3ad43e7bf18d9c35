using Decant.Runs.Jobs.Importing;
using Spectre.Console;

namespace Decant.Cli.Rendering;

/// <summary>Shows what was imported.</summary>
internal static class ImportView
{
    public static void Write(IAnsiConsole console, ImportResult result)
    {
        foreach (var line in result.Lines)
            console.WriteLine(line);
        console.WriteLine($"In {result.Folder}.");
    }
}
