using System.CommandLine;
using Decant.Cli.Hosting;
using Decant.Runs.Recipes.Writing;

namespace Decant.Cli.Commands;

/// <summary><c>decant recipes upgrade</c>: a recipe or study of a former release with the keys of this one.</summary>
internal static class RecipesUpgradeCommand
{
    public static Command Create(CliServices services)
    {
        var recipe = new Argument<string>("file") { Description = "The recipe or study.", HelpName = "file" };
        var output = new Option<string?>("--out") { Description = "Write the result to this file; default: in place.", HelpName = "file" };
        var command = new Command("upgrade", "Rename the keys of a recipe or study of a former release; comments and layout are kept.") { recipe, output };
        command.SetAction(parse =>
        {
            var file = parse.GetRequiredValue(recipe);
            var target = parse.GetValue(output);
            var changes = RecipeUpgrade.File(file, target);
            foreach (var change in changes)
                services.Out.WriteLine($"{file}:{change.Line}: {change.Old} → {change.New}{(change.Path.Length > 0 ? $" ({change.Path})" : "")}");
            services.Out.WriteLine(changes.Count switch
            {
                0 => $"{file}: nothing to rename; it has the keys of this release.",
                1 => $"{target ?? file}: 1 name replaced.",
                var count => $"{target ?? file}: {count} names replaced.",
            });
            return ExitCodes.Success;
        });
        return command;
    }
}
