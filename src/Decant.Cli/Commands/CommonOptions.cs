using System.CommandLine;
using System.Globalization;
using Decant.Cli.Hosting;
using Decant.Runs.Recipes.Reading;
using Decant.Runs.Recipes.Schema;

namespace Decant.Cli.Commands;

/// <summary>Options and arguments that several commands have, so that they mean the same in each.</summary>
internal static class CommonOptions
{
    public static Argument<string> Recipe() => new("recipe") { Description = "Recipe file, or the name of a recipe that comes with Decant ('decant recipes')." };

    /// <summary>A recipe, which may be left out where a run is resumed.</summary>
    public static Argument<string?> RecipeOrRun() => new("recipe") { Description = "Recipe file, or the name of a recipe that comes with Decant ('decant recipes').", Arity = ArgumentArity.ZeroOrOne };

    public static Option<string?> Out() => new("--out") { Description = "Folder of the run; default: a new one under runs/.", HelpName = "folder" };

    public static Option<string[]> Set() => new("--set")
    {
        Description = "Override a key of the recipe, such as distill.epochs=3 or distill.objectives[0].temperature=4; may be repeated.",
        HelpName = "key=value",
    };

    public static Option<bool> Quiet() => new("--quiet") { Description = "Show only the result." };

    public static Option<bool> Json() => new("--json") { Description = "Write JSON." };

    public static Option<int?> Seeds() => new("--seeds")
    {
        Description = "Repeat the run with this many seeds; mean ± standard deviation are reported.",
        HelpName = "n",
        CustomParser = result =>
        {
            if (int.TryParse(result.Tokens[0].Value, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count is >= 1 and <= 1000) return count;
            result.AddError($"--seeds: expected a number of seeds from 1 to 1000, came '{result.Tokens[0].Value}'.");
            return null;
        },
    };

    /// <summary>An option that is true, false or not given. Its value is a text, for the parser would take another word than these two for an argument.</summary>
    public static Option<string?> TrueOrFalse(string name, string description)
    {
        var option = new Option<string?>(name) { Description = description, HelpName = "true|false" };
        option.AcceptOnlyFromAmong("true", "false");
        return option;
    }

    /// <summary>The value of such an option; null: not given.</summary>
    public static bool? TrueOrFalse(ParseResult parse, Option<string?> option) => parse.GetValue(option) is { } said ? said == "true" : null;

    /// <summary>The recipe that an argument names, read and checked.</summary>
    public static RecipeDocument Read(CliServices services, string argument, IReadOnlyList<string>? overrides)
    {
        var file = new RecipeLibrary(services).Find(argument);
        if (File.Exists(file) && StudyReader.IsStudy(file))
            throw new DecantException($"{file} is a study: it has 'variants', and a recipe has none. 'decant study {file}' runs it, and 'decant check {file}' says what it would do.");
        return new RecipeReader(services.Catalog.Value.Kinds) { Environment = services.Environment }.Read(file, overrides);
    }
}
