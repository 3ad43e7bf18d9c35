using System.CommandLine;

namespace Decant.Cli;

internal static class InspectCommand
{
    public static Command Create(CliServices services)
    {
        var path = new Argument<string>("path") { Description = "A file of weights (safetensors, or PyTorch's .bin, .pt, .pth, .th, .ckpt), an index of shards, or a folder with one of these." };
        var json = CommonOptions.Json();
        var command = new Command("inspect", "List the tensors of a checkpoint: names, shapes, types, files. Nothing in it is run.") { path, json };
        command.SetAction(parse =>
        {
            var found = services.Jobs.Value.Inspect(parse.GetRequiredValue(path));
            if (parse.GetValue(json)) InspectView.WriteJson(services.Out, found);
            else InspectView.Write(services.Console.Value, found);
            return ExitCodes.Success;
        });
        return command;
    }
}
