using System.CommandLine;
using Decant.Cli.Hosting;
using Decant.Cli.Rendering;
using Decant.Runs.Jobs;

namespace Decant.Cli.Commands;

/// <summary>The options of commands that measure trained models, and the measuring.</summary>
internal sealed class EvaluateOptions
{
    private readonly Option<string?> _recipe = new("--recipe")
    {
        Description = "Recipe whose test split is used; default: that of the first model's run.",
        HelpName = "file",
    };

    private readonly Option<string[]> _set = CommonOptions.Set();
    private readonly Option<bool> _json = CommonOptions.Json();

    public void AddTo(Command command)
    {
        command.Add(_recipe);
        command.Add(_set);
        command.Add(_json);
    }

    public int Run(CliServices services, ParseResult parse, IReadOnlyList<string> models)
    {
        var (recipe, set, json) = (parse.GetValue(_recipe), parse.GetValue(_set) ?? [], parse.GetValue(_json));
        if (recipe is null && set.Length > 0) throw new DecantException("--set overrides keys of a recipe: give the recipe too, with --recipe.");
        var splits = recipe is null ? null : CommonOptions.Read(services, recipe, set).Recipe;
        var measured = ProgressView.Run(services, json, progress => new EvaluateJob(services.Catalog.Value).Run(models, splits, progress, services.Interruption.Token));
        if (json) ComparisonJson.Write(services.Out, measured);
        else ComparisonView.Write(services.Console.Value, measured);
        return ExitCodes.Success;
    }
}
