using System.CommandLine;
using Decant.Cli.Hosting;
using Decant.Runs.Jobs;
using Decant.Runs.Recipes.Schema;
using Decant.Runs.Running;

namespace Decant.Cli.Commands;

/// <summary>The options of commands that run a whole recipe, and the run itself.</summary>
internal sealed class RunArguments
{
    private const string Job = "distill";
    private readonly Option<string?> _out = CommonOptions.Out();
    private readonly Option<string[]> _set = CommonOptions.Set();
    private readonly Option<int?> _seeds = CommonOptions.Seeds();
    private readonly Option<bool> _noControl = new("--no-control") { Description = "Skip the control run; no verdict is reported." };
    private readonly Option<bool> _yes = AgreeOption.Create();
    private readonly Option<bool> _quiet = CommonOptions.Quiet();

    public void AddTo(Command command)
    {
        command.Add(_out);
        command.Add(_set);
        command.Add(_seeds);
        command.Add(_noControl);
        command.Add(_yes);
        command.Add(_quiet);
    }

    /// <summary>Goes on with a run, with this recipe if one was given, or runs a recipe.</summary>
    public int RunOrResume(CliServices services, ParseResult parse, string? recipeArgument, string? run)
    {
        if (run is null) return Run(services, parse, ResumeOption.Needed(recipeArgument, parse));
        ResumeOption.Refuse(parse, recipeArgument, _out, [_set, _seeds, _noControl]);
        var given = recipeArgument is null ? null : Recipe(services, parse, recipeArgument);
        return RecipeRun.Show(services, parse.GetValue(_quiet), progress =>
            new DistillJob(AgreeOption.Agreeing(services, parse.GetValue(_yes))).Resume(run, RecipeRun.Options(services, Job), given, progress, services.Interruption.Token));
    }

    public int Run(CliServices services, ParseResult parse, string recipeArgument)
    {
        var (recipe, options) = (Recipe(services, parse, recipeArgument), Options(services, parse));
        return RecipeRun.Show(services, parse.GetValue(_quiet), progress =>
            new DistillJob(AgreeOption.Agreeing(services, parse.GetValue(_yes))).Run(recipe, options, progress, services.Interruption.Token));
    }

    /// <summary>Where to.</summary>
    internal RunOptions Options(CliServices services, ParseResult parse) => RecipeRun.Options(services, Job, parse.GetValue(_out));

    /// <summary>The recipe that an argument names, as the options change it.</summary>
    internal RecipeDocument Recipe(CliServices services, ParseResult parse, string argument)
    {
        var recipe = CommonOptions.Read(services, argument, parse.GetValue(_set));
        if (parse.GetValue(_seeds) is { } count) recipe = recipe.WithSeeds(count);
        return parse.GetValue(_noControl) ? recipe.WithoutControl() : recipe;
    }
}
