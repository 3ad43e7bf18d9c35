using System.CommandLine;

namespace Decant.Cli;

internal static class DistillCommand
{
    public static Command Create(CliServices services)
    {
        var recipe = CommonOptions.Recipe();
        var run = new RunOptions();
        var command = new Command("distill", "Run a recipe: train or load the teacher, pour it into the student, measure both and the control.") { recipe };
        run.AddTo(command);
        command.SetAction(parse => run.Run(services, parse, parse.GetRequiredValue(recipe)));
        return command;
    }
}
