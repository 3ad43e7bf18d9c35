using System.CommandLine;
using Decant.Cli.Hosting;
using Decant.Cli.Rendering;
using Decant.Runs.Jobs.Generation;

namespace Decant.Cli.Commands;

/// <summary>Continues a text with a language model.</summary>
internal static class GenerateCommand
{
    public static Command Create(CliServices services)
    {
        var arguments = new GenerateArguments();
        var command = new Command("generate", "Generate text with a language model.");
        arguments.AddTo(command);
        command.SetAction(parse =>
        {
            var request = arguments.Request(services, parse);
            var view = new ContinuationsView(services.Out, request, arguments.AsJson(parse));
            services.Interruption.Listen();
            view.Finish(GenerateJob.Run(ModelArgument.Folder(services, arguments.Model(parse)), request, view.Show, services.Interruption.Token));
            return ExitCodes.Success;
        });
        return command;
    }
}
