using Spectre.Console;

namespace Decant.Cli.Hosting;

internal static class ConsoleFactory
{
    // What a log is read in; without a terminal nobody says how wide it is.
    private const int PlainWidth = 120;

    public static IAnsiConsole Create(TextWriter writer, bool isTerminal)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = isTerminal ? AnsiSupport.Detect : AnsiSupport.No,
            ColorSystem = isTerminal ? ColorSystemSupport.Detect : ColorSystemSupport.NoColors,
            Interactive = isTerminal ? InteractionSupport.Detect : InteractionSupport.No,
            Out = new AnsiConsoleOutput(isTerminal ? writer : new TrimmedLines(writer)),
        });
        console.Pipeline.Attach(new NeutralHook());
        if (!isTerminal) console.Profile.Width = PlainWidth;
        return console;
    }
}
