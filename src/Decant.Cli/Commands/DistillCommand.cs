using System.CommandLine;
using Decant.Cli.Hosting;

namespace Decant.Cli.Commands;

internal static class DistillCommand
{
    public static Command Create(CliServices services)
    {
        var recipe = CommonOptions.RecipeOrRun();
        var resume = ResumeOption.Create();
        var run = new RunArguments();
        var command = new Command("distill", "Run a recipe: train or load the teacher, distil it into the student, evaluate both and the control.") { recipe, resume };
        run.AddTo(command);
        command.SetAction(parse => run.RunOrResume(services, parse, parse.GetValue(recipe), parse.GetValue(resume)));
        return command;
    }
}
