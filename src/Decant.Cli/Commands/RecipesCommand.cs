using System.CommandLine;
using Decant.Cli.Hosting;
using Decant.Cli.Rendering;

namespace Decant.Cli.Commands;

internal static class RecipesCommand
{
    public static Command Create(CliServices services)
    {
        var command = new Command("recipes", "List the recipes that come with Decant.") { RecipesUpgradeCommand.Create(services) };
        command.SetAction(_ =>
        {
            var recipes = new RecipeLibrary(services).List();
            if (recipes.Count == 0)
                throw new DecantException($"No recipes were found; looked in {string.Join(" and ", services.RecipeFolders)}.", ExitCodes.Machine);
            RecipesView.Write(services.Console.Value, recipes);
            return ExitCodes.Success;
        });
        return command;
    }
}
