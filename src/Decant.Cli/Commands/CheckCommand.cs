using System.CommandLine;

namespace Decant.Cli;

internal static class CheckCommand
{
    public static Command Create(CliServices services)
    {
        var recipe = CommonOptions.Recipe();
        var set = CommonOptions.Set();
        var command = new Command("check", "Read a recipe, say everything that is wrong with it, and what it would do.") { recipe, set };
        command.SetAction(parse =>
        {
            var document = CommonOptions.Read(services, parse.GetRequiredValue(recipe), parse.GetValue(set));
            services.Out.WriteLine($"{document.File}: nothing is wrong with this recipe.");
            services.Interruption.Listen();
            PlanView.Write(services.Console.Value, document.MultiTask is { } several
                ? services.Jobs.Value.Plan(several, services.Interruption.Token)
                : services.Jobs.Value.Plan(document.Recipe, services.Interruption.Token));
            return ExitCodes.Success;
        });
        return command;
    }
}
