using System.CommandLine;
using Decant.Cli.Hosting;
using Decant.Cli.Rendering;
using Decant.Cli.Seam;
using Decant.Runs.Recipes.Schema;

namespace Decant.Cli.Commands;

/// <summary>The options of commands that run a whole recipe, and the run itself.</summary>
internal sealed class RunOptions
{
    private readonly Option<string?> _out = CommonOptions.Out();
    private readonly Option<string[]> _set = CommonOptions.Set();
    private readonly Option<int?> _seeds = CommonOptions.Seeds();
    private readonly Option<bool> _noControl = new("--no-control") { Description = "Skip the control run; no verdict is reported." };
    private readonly Option<bool> _quiet = CommonOptions.Quiet();

    public void AddTo(Command command)
    {
        command.Add(_out);
        command.Add(_set);
        command.Add(_seeds);
        command.Add(_noControl);
        command.Add(_quiet);
    }

    /// <summary>Goes on with a run, with this recipe if one was given, or runs a recipe.</summary>
    public int RunOrResume(CliServices services, ParseResult parse, string? recipeArgument, string? run)
    {
        if (run is null) return Run(services, parse, ResumeOption.Needed(recipeArgument, parse));
        ResumeOption.Refuse(parse, recipeArgument, _out, [_set, _seeds, _noControl]);
        var (given, tasks) = recipeArgument is null ? default : Recipe(services, parse, recipeArgument);
        return ResumeOption.Run(services, new ResumeRequest { Run = run, Given = given, GivenTasks = tasks, Command = services.CommandLine, Interruption = services.Interruption }, parse.GetValue(_quiet));
    }

    public int Run(CliServices services, ParseResult parse, string recipeArgument)
    {
        var (recipe, tasks) = Recipe(services, parse, recipeArgument);
        var request = new RunRequest { Out = parse.GetValue(_out), Command = services.CommandLine, Interruption = services.Interruption };
        var outcome = ProgressView.Run(services, parse.GetValue(_quiet), progress =>
            tasks is null
                ? services.Jobs.Value.Distill(recipe!, request, progress, services.Interruption.Token)
                : services.Jobs.Value.Distill(tasks, request, progress, services.Interruption.Token));
        OutcomeView.Write(services.Console.Value, outcome);
        return ExitCodes.Success;
    }

    /// <summary>A recipe of one task, or one of several: the other is null.</summary>
    private (Recipe? One, MultiTaskRecipe? Several) Recipe(CliServices services, ParseResult parse, string argument)
    {
        var document = CommonOptions.Read(services, argument, parse.GetValue(_set));
        if (document.MultiTask is { } tasks)
        {
            if (parse.GetValue(_seeds) is { } count) tasks = tasks.WithSeeds(count);
            return (null, parse.GetValue(_noControl) ? tasks with { Control = false } : tasks);
        }

        var recipe = document.Recipe;
        if (parse.GetValue(_seeds) is { } seeds) recipe = recipe.WithSeeds(seeds);
        return (parse.GetValue(_noControl) ? recipe with { Control = false } : recipe, null);
    }
}
