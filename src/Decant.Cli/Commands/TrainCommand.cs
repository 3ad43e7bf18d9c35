using System.CommandLine;
using Decant.Cli.Hosting;
using Decant.Runs.Jobs;

namespace Decant.Cli.Commands;

internal static class TrainCommand
{
    private const string Job = "train";

    public static Command Create(CliServices services)
    {
        var (recipe, resume) = (CommonOptions.RecipeOrRun(), ResumeOption.Create());
        var (output, set, quiet) = (CommonOptions.Out(), CommonOptions.Set(), CommonOptions.Quiet());
        var command = new Command(Job, "Train only the teacher of a recipe and save it; other recipes may load it.") { recipe, resume, output, set, quiet };
        command.SetAction(parse =>
        {
            var (given, run) = (parse.GetValue(recipe), parse.GetValue(resume));
            if (run is not null)
            {
                ResumeOption.Refuse(parse, given, output, [set]);
                var own = given is null ? null : CommonOptions.Read(services, given, parse.GetValue(set)).Recipe;
                return RecipeRun.Show(services, parse.GetValue(quiet), progress =>
                    new TrainJob(services.Catalog.Value).Resume(run, RecipeRun.Options(services, Job), own, progress, services.Interruption.Token));
            }

            var document = CommonOptions.Read(services, ResumeOption.Needed(given, parse), parse.GetValue(set));
            if (document.Recipe is { Teachers: null, Teacher: not { Train: not null } }) throw new DecantException($"{document.Where("teacher.train")}: nothing to train: the recipe has no teacher.train.");
            return RecipeRun.Show(services, parse.GetValue(quiet), progress =>
                new TrainJob(services.Catalog.Value).Run(document.Recipe, RecipeRun.Options(services, Job, parse.GetValue(output)), progress, services.Interruption.Token));
        });
        return command;
    }
}
