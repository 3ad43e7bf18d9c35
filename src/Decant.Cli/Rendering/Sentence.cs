using Decant.Cli.Hosting;
using Spectre.Console;

namespace Decant.Cli.Rendering;

/// <summary>A line of prose: wrapped at words on a terminal, in one piece where a program or a search may read it.</summary>
internal static class Sentence
{
    public static void Write(IAnsiConsole console, string text, Style? style = null)
    {
        if (console.Profile.Capabilities.Ansi) console.Write(new StyledText(text + "\n", style));
        else console.Profile.Out.Writer.WriteLine(TerminalText.Neutral(text));
    }
}
