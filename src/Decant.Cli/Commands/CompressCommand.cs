using System.CommandLine;
using Decant.Cli.Hosting;
using Decant.Cli.Rendering;
using Decant.Runs.Jobs.Compressing;

namespace Decant.Cli.Commands;

/// <summary>Makes a smaller model of one, without training.</summary>
internal static class CompressCommand
{
    public static Command Create(CliServices services)
    {
        var model = new Argument<string>("model") { Description = "Folder of a model or of a run" + ModelArgument.OrAddress + "." };
        var set = new Option<string[]>("--set") { Description = "What is kept, with the keys of student.from-teacher in a recipe, such as layers=4 or importance=magnitude; may be repeated.", HelpName = "key=value" };
        var recipe = new Option<string?>("--recipe") { Description = "Recipe with samples to measure importances on; default: that of the model's run.", HelpName = "recipe" };
        var output = new Option<string>("--out") { Description = "Folder to make.", HelpName = "folder", Required = true };
        var command = new Command("compress", "Make a smaller model of one without training: some layers, heads and units, by importance; shared layers; low rank. Train it on as a student, or quantize it with 'decant export'.")
        {
            model, set, recipe, output,
        };
        command.SetAction(parse =>
        {
            services.Interruption.Listen();
            var result = new CompressJob(services.Catalog.Value).Run(ModelArgument.Folder(services, parse.GetRequiredValue(model)), new CompressRequest
            {
                Set = parse.GetValue(set) ?? [],
                Recipe = parse.GetValue(recipe) is { } name ? CommonOptions.Read(services, name, null).Recipe : null,
                Output = parse.GetRequiredValue(output),
            }, services.Interruption.Token);
            CompressView.Write(services.Console.Value, result);
            return ExitCodes.Success;
        });
        return command;
    }
}
