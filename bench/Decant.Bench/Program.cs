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
    Console = new Lazy<IAnsiConsole>(() => AnsiConsole.Console),
    Work = new Lazy<IBenchWork>(() => new BenchWork(Console.Error)),
    Token = stop.Token,
});
