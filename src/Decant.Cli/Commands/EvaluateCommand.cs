using System.CommandLine;
using Decant.Cli.Hosting;

namespace Decant.Cli.Commands;

internal static class EvaluateCommand
{
    public static Command Create(CliServices services)
    {
        var model = new Argument<string>("model") { Description = "Folder of a trained model, or of a run (its student)" + ModelArgument.OrAddress + "." };
        var measure = new EvaluateOptions();
        var command = new Command("evaluate", "Evaluate a trained model on a test split: quality, size and speed.") { model };
        measure.AddTo(command);
        command.SetAction(parse => measure.Run(services, parse, [parse.GetRequiredValue(model)]));
        return command;
    }
}
