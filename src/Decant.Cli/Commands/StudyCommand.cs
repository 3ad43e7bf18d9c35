using System.CommandLine;
using System.Globalization;
using Decant.Cli.Hosting;
using Decant.Cli.Rendering;
using Decant.Runs.Jobs;
using Decant.Runs.Recipes.Reading;

namespace Decant.Cli.Commands;

internal static class StudyCommand
{
    public static Command Create(CliServices services)
    {
        var file = new Argument<string>("study") { Description = "Study file: a recipe, variants of it, and seeds." };
        var folder = new Option<string?>("--out") { Description = "Folder of the study; default: runs/NAME. Finished runs in it are not repeated.", HelpName = "folder" };
        var seeds = new Option<long[]>("--seed") { Description = "Run only this seed; may be repeated. Other seeds may run at the same time.", HelpName = "n" };
        var (yes, quiet) = (AgreeOption.Create(), CommonOptions.Quiet());
        var command = new Command("study", "Run a recipe in several variants and seeds, and compare their students.") { file, folder, seeds, yes, quiet };
        command.SetAction(parse =>
        {
            var study = new StudyReader(services.Catalog.Value.Kinds) { Environment = services.Environment }.Read(parse.GetRequiredValue(file));
            var options = new StudyOptions
            {
                Out = Path.GetFullPath(parse.GetValue(folder) ?? Path.Combine("runs", StudyNames.Folder(study.Name))),
                Seeds = parse.GetValue(seeds) is { Length: > 0 } some ? some : null,
                Command = services.CommandLine,
            };
            services.Interruption.GoOn = services.CommandLine;
            StudyResult? result = null;
            ProgressView.Run(services, parse.GetValue(quiet), progress =>
            {
                result = new StudyJob(AgreeOption.Agreeing(services, parse.GetValue(yes))).Run(study, options, progress, services.Interruption.Token);
                return options.Out;
            });
            if (result is null)
                services.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"These seeds are done. Others are not yet: run the same command for them, or without --seed, to compare."));
            else
                StudyView.Write(services.Console.Value, result, options.Out);
            return ExitCodes.Success;
        });
        return command;
    }
}
