using System.CommandLine;
using Decant.Cli.Hosting;
using Decant.Cli.Rendering;
using Decant.Runs.Jobs;
using Decant.Runs.Jobs.Retrieval;

namespace Decant.Cli.Commands;

/// <summary>The options of commands that measure trained models, and the measuring.</summary>
internal sealed class EvaluateOptions
{
    private readonly Option<string?> _recipe = new("--recipe")
    {
        Description = "Recipe whose test split is used; default: that of the first model's run.",
        HelpName = "file",
    };

    private readonly Option<string?> _queries = new("--queries")
    {
        Description = "Of embeddings: measure a search instead, for these queries; JSON lines with _id and text (known by .jsonl, or by a first line with {), or an id, a tab and a text on each line.",
        HelpName = "file",
    };

    private readonly Option<string?> _documents = new("--documents") { Description = "The documents that are searched, as --queries.", HelpName = "file" };
    private readonly Option<string?> _relevance = new("--relevance") { Description = "Which documents answer which queries: a query's id, a document's id and a grade on each line.", HelpName = "file" };

    private readonly Option<int[]> _dimensions = new("--dimensions")
    {
        Description = "With --queries: also measure the first so many numbers of the vectors alone; may be repeated.",
        HelpName = "d",
        AllowMultipleArgumentsPerToken = true,
    };

    private readonly Option<string[]> _set = CommonOptions.Set();
    private readonly Option<bool> _json = CommonOptions.Json();

    public void AddTo(Command command)
    {
        command.Add(_recipe);
        command.Add(_set);
        command.Add(_queries);
        command.Add(_documents);
        command.Add(_relevance);
        command.Add(_dimensions);
        command.Add(_json);
    }

    public int Run(CliServices services, ParseResult parse, IReadOnlyList<string> models)
    {
        var (recipe, set, json) = (parse.GetValue(_recipe), parse.GetValue(_set) ?? [], parse.GetValue(_json));
        if (Retrieval(parse) is { } search)
        {
            if (recipe is not null) throw new DecantException("--queries measures a search and --recipe a test split: give one of them.");
            if (set.Length > 0) throw new DecantException("--set overrides keys of a recipe, and --queries measures a search without one: leave --set out.");
            var found = RetrievalJob.Run(models, search, cancellationToken: services.Interruption.Token);
            if (json) RetrievalView.WriteJson(services.Out, found);
            else RetrievalView.Write(services.Console.Value, found);
            return ExitCodes.Success;
        }

        if (recipe is null && set.Length > 0) throw new DecantException("--set overrides keys of a recipe: give the recipe too, with --recipe.");
        var splits = recipe is null ? null : CommonOptions.Read(services, recipe, set).Recipe;
        var measured = ProgressView.Run(services, json, progress => new EvaluateJob(services.Catalog.Value).Run(models, splits, progress, services.Interruption.Token));
        if (json) ComparisonJson.Write(services.Out, measured);
        else ComparisonView.Write(services.Console.Value, measured);
        return ExitCodes.Success;
    }

    private RetrievalRequest? Retrieval(ParseResult parse)
    {
        var (queries, documents, relevance, dimensions) = (parse.GetValue(_queries), parse.GetValue(_documents), parse.GetValue(_relevance), parse.GetValue(_dimensions) ?? []);
        if (queries is not null && documents is not null && relevance is not null) return new(queries, documents, relevance) { Dimensions = dimensions };
        return queries is null && documents is null && relevance is null && dimensions.Length == 0
            ? null
            : throw new DecantException("A search is measured with --queries, --documents and --relevance, all three: one is missing.");
    }
}
