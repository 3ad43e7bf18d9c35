using System.CommandLine;
using Decant.Cli.Hosting;
using Decant.Cli.Rendering;
using Decant.Cli.Seam;

namespace Decant.Cli.Commands;

internal static class TrainCommand
{
    public static Command Create(CliServices services)
    {
        var (recipe, resume) = (CommonOptions.RecipeOrRun(), ResumeOption.Create());
        var (output, set, quiet) = (CommonOptions.Out(), CommonOptions.Set(), CommonOptions.Quiet());
        var command = new Command("train", "Train only the teacher of a recipe and save it; other recipes may load it.") { recipe, resume, output, set, quiet };
        command.SetAction(parse =>
        {
            var (given, run) = (parse.GetValue(recipe), parse.GetValue(resume));
            if (run is not null)
            {
                ResumeOption.Refuse(parse, given, output, [set]);
                return ResumeOption.Run(services, new ResumeRequest
                {
                    Run = run,
                    IsTraining = true,
                    Given = given is null ? null : CommonOptions.Read(services, given, parse.GetValue(set)).Recipe,
                    Command = services.CommandLine,
                    Interruption = services.Interruption,
                }, parse.GetValue(quiet));
            }

            var document = CommonOptions.Read(services, ResumeOption.Needed(given, parse), parse.GetValue(set));
            if (document.Recipe is { Teachers: null, Teacher: not { Train: not null } }) throw new DecantException($"{document.Where("teacher.train")}: nothing to train: the recipe has no teacher.train.");
            var request = new RunRequest { Out = parse.GetValue(output), Command = services.CommandLine, Interruption = services.Interruption };
            var outcome = ProgressView.Run(services, parse.GetValue(quiet), progress =>
                services.Jobs.Value.Train(document.Recipe, request, progress, services.Interruption.Token));
            OutcomeView.Write(services.Console.Value, outcome);
            return ExitCodes.Success;
        });
        return command;
    }
}
