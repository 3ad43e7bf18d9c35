using System.CommandLine;
using Decant.Cli.Hosting;

namespace Decant.Cli.Commands;

internal static class QuickstartCommand
{
    private const string Recipe = "quickstart";

    public static Command Create(CliServices services)
    {
        var run = new RunArguments();
        var command = new Command("quickstart", "Distil a small text classifier from data that comes with the .NET SDK; takes a few minutes.");
        run.AddTo(command);
        command.SetAction(parse => run.Run(services, parse, Recipe));
        return command;
    }
}
