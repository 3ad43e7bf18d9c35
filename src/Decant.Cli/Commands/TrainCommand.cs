using System.CommandLine;

namespace Decant.Cli;

internal static class TrainCommand
{
    public static Command Create(CliServices services)
    {
        var recipe = CommonOptions.Recipe();
        var (output, set, quiet) = (CommonOptions.Out(), CommonOptions.Set(), CommonOptions.Quiet());
        var command = new Command("train", "Train a recipe's teacher alone and keep it; another recipe may load it.") { recipe, output, set, quiet };
        command.SetAction(parse =>
        {
            var document = CommonOptions.Read(services, parse.GetRequiredValue(recipe), parse.GetValue(set));
            if (document.Recipe.Teacher?.Train is null) throw new DecantException($"{document.Where("teacher.train")}: nothing to train: the recipe has no teacher.train.");
            var request = new RunRequest { Out = parse.GetValue(output), Command = services.CommandLine };
            var outcome = ProgressView.Run(services, parse.GetValue(quiet), progress =>
                services.Jobs.Value.Train(document.Recipe, request, progress, services.Interruption.Token));
            OutcomeView.Write(services.Console.Value, outcome);
            return ExitCodes.Success;
        });
        return command;
    }
}
