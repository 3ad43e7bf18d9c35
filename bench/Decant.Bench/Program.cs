using System.Text;
using Decant.Bench.Commands;
using Decant.Bench.Hosting;
using Spectre.Console;

Console.OutputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);
using var stop = new CancellationTokenSource();
Console.CancelKeyPress += (_, pressed) =>
{
    pressed.Cancel = !stop.IsCancellationRequested; // a second one ends the process at once
    stop.Cancel();
};
return Entry.Run(args, new BenchServices
{
    Out = Console.Out,
    Error = Console.Error,
    Console = new Lazy<IAnsiConsole>(Terminal),
    Work = new Lazy<IBenchWork>(() => new BenchWork(Console.Error)),
    Token = stop.Token,
});

// Where the output is read by another program: no colours, and the width of a log.
static IAnsiConsole Terminal()
{
    if (!Console.IsOutputRedirected)
        return AnsiConsole.Console;
    var console = AnsiConsole.Create(new AnsiConsoleSettings { Ansi = AnsiSupport.No, ColorSystem = ColorSystemSupport.NoColors, Out = new AnsiConsoleOutput(Console.Out) });
    console.Profile.Width = 120;
    return console;
}
