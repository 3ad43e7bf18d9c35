using System.CommandLine;

namespace Decant.Cli;

/// <summary>The options of commands that run a whole recipe, and the run itself.</summary>
internal sealed class RunOptions
{
    private readonly Option<string?> _out = CommonOptions.Out();
    private readonly Option<string[]> _set = CommonOptions.Set();
    private readonly Option<int?> _seeds = CommonOptions.Seeds();
    private readonly Option<bool> _noControl = new("--no-control") { Description = "Leave out the student trained without the teacher; then nobody knows what the teacher was worth." };
    private readonly Option<bool> _quiet = CommonOptions.Quiet();

    public void AddTo(Command command)
    {
        command.Add(_out);
        command.Add(_set);
        command.Add(_seeds);
        command.Add(_noControl);
        command.Add(_quiet);
    }

    public int Run(CliServices services, ParseResult parse, string recipeArgument)
    {
        var recipe = CommonOptions.Read(services, recipeArgument, parse.GetValue(_set)).Recipe;
        if (parse.GetValue(_seeds) is { } seeds) recipe = recipe.WithSeeds(seeds);
        if (parse.GetValue(_noControl)) recipe = recipe with { Control = false };
        var request = new RunRequest { Out = parse.GetValue(_out), Command = services.CommandLine };
        var outcome = ProgressView.Run(services, parse.GetValue(_quiet), progress =>
            services.Jobs.Value.Distill(recipe, request, progress, services.Interruption.Token));
        OutcomeView.Write(services.Console.Value, outcome);
        return ExitCodes.Success;
    }
}
