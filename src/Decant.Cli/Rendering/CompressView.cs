using System.Globalization;
using Decant.Runs.Jobs.Compressing;
using Spectre.Console;

namespace Decant.Cli.Rendering;

/// <summary>Shows how much smaller a model became.</summary>
internal static class CompressView
{
    public static void Write(IAnsiConsole console, CompressResult result)
    {
        foreach (var note in result.Notes)
            console.WriteLine(note);
        console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{result.Kind}: {result.Parameters.After:N0} of {result.Parameters.Before:N0} parameters ({(double)result.Parameters.After / result.Parameters.Before:P1}), {result.Bytes.After / 1e6:N1} MB{(result.Bytes.Before > 0 ? string.Create(CultureInfo.InvariantCulture, $" of {result.Bytes.Before / 1e6:N1} MB") : "")}"));
        console.WriteLine($"In {result.Folder}. It has not been trained since: measure it with 'decant evaluate', and let it learn from the whole model as a student.");
    }
}
