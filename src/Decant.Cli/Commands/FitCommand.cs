using System.CommandLine;
using Decant.Cli.Hosting;
using Decant.Cli.Rendering;
using Decant.Runs.Fitting;
using Decant.Runs.Recipes.Reading;
using Decant.Runs.Recipes.Schema;
using Decant.Runs.Running;

namespace Decant.Cli.Commands;

/// <summary>Chooses the student that keeps a budget, and distils it.</summary>
internal static class FitCommand
{
    public static Command Create(CliServices services)
    {
        var name = CommonOptions.Recipe();
        var folder = new Option<string?>("--out") { Description = "Folder of the search; default: runs/NAME. What is finished in it is not repeated.", HelpName = "folder" };
        var (set, seeds, quiet) = (CommonOptions.Set(), CommonOptions.Seeds(), CommonOptions.Quiet());
        var only = new Option<bool>("--only-choose") { Description = "End with the recipe of the chosen student, FOLDER/recipe.yaml, without distilling it." };
        var command = new Command("fit", "Find the best student that keeps the recipe's budget (student.budget: parameters, bytes, latency-ms), and distil it.") { name, folder, set, seeds, only, quiet };
        command.SetAction(parse =>
        {
            var document = CommonOptions.Read(services, parse.GetRequiredValue(name), parse.GetValue(set));
            if (parse.GetValue(seeds) is { } count)
                document = document.WithSeeds(count);
            if (document.Run is not Recipe recipe)
                throw new DecantException("A budget is of the student of one task, and the recipe has several ('tasks').");
            var options = new FitOptions
            {
                Out = Path.GetFullPath(parse.GetValue(folder) ?? Path.Combine("runs", StudyNames.Folder(recipe.Name))),
                OnlyChoose = parse.GetValue(only),
                Command = services.CommandLine,
                ExitWhenStopped = () => services.Interruption.ExitCode,
            };
            services.Interruption.GoOn = services.CommandLine;
            (FitResult? Search, RunResult? Run) found = default;
            ProgressView.Run(services, parse.GetValue(quiet), progress => found = new FitJob(services.Catalog.Value).Run(recipe, options, progress, services.Interruption.Token));
            if (found.Search is { } search)
                FitView.Write(services.Console.Value, search, options.Out);
            if (found.Run is { } run)
                OutcomeView.Write(services.Console.Value, run);
            return ExitCodes.Success;
        });
        return command;
    }
}
