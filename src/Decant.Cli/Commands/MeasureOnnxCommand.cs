using System.CommandLine;
using Decant.Cli.Hosting;
using Decant.Runs.Exporting;

namespace Decant.Cli.Commands;

/// <summary>What the measuring of an exported model runs in a process of its own: opens it, answers once, and says how long that took and how much memory. Not listed.</summary>
internal static class MeasureOnnxCommand
{
    public static Command Create(CliServices services)
    {
        var (file, inputs) = (new Argument<string>("file"), new Argument<string>("inputs"));
        var command = new Command(ColdStart.Command, "Measure the first answer of an ONNX file.") { file, inputs };
        command.Hidden = true;
        command.SetAction(parse =>
        {
            services.Out.WriteLine(ColdStart.Run(parse.GetRequiredValue(file), parse.GetRequiredValue(inputs)));
            return ExitCodes.Success;
        });
        return command;
    }
}
