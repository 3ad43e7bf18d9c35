using System.CommandLine;
using Decant.Cli.Hosting;
using Decant.Cli.Rendering;
using Decant.Runs.Jobs.Retrieval;

namespace Decant.Cli.Commands;

/// <summary><c>decant mine</c>: documents that look relevant to a query and are not, for a reranker or an embedding to learn from.</summary>
internal static class MineCommand
{
    public static Command Create(CliServices services)
    {
        var queries = new Option<string>("--queries") { Description = "The queries: JSON lines with _id and text (known by .jsonl, or by a first line with {), or an id, a tab and a text on each line.", HelpName = "file", Required = true };
        var documents = new Option<string>("--documents") { Description = "The documents that are searched, as --queries.", HelpName = "file", Required = true };
        var relevance = new Option<string>("--relevance") { Description = "Which documents answer which queries: a query's id, a document's id and a grade on each line.", HelpName = "file", Required = true };
        var output = new Option<string>("--out") { Description = "The file that is written, which 'kind: rankings' reads: a query with relevant and other documents on each line.", HelpName = "file", Required = true };
        var model = new Option<string?>("--model") { Description = "Take the documents that this model finds first, such as the student of a run; default: those that BM25 does.", HelpName = "folder" };
        var negatives = new Option<int>("--negatives") { Description = "The most documents per query; default: 7.", HelpName = "n", DefaultValueFactory = _ => 7 };
        var skip = new Option<int>("--skip") { Description = "Pass over so many of the first, which may be relevant and not judged; default: 0.", HelpName = "n" };
        var depth = new Option<int>("--depth") { Description = "Look at so many of the first; default: 100.", HelpName = "n", DefaultValueFactory = _ => 100 };
        var judge = new Option<string?>("--judge") { Description = "A cross-encoder that looks at what was found: documents that it scores as high as a relevant one are left out.", HelpName = "folder" };
        var margin = new Option<double>("--margin") { Description = "With --judge: how far below the lowest score of a relevant document another's must be; default: 0.", HelpName = "x" };
        var json = CommonOptions.Json();
        var command = new Command("mine", "Find hard negatives: documents that look relevant to a query and are not, by BM25 or by a model.") { queries, documents, relevance, output, model, negatives, skip, depth, judge, margin, json };
        command.SetAction(parse =>
        {
            services.Interruption.Listen();
            if (parse.GetResult(margin) is { Implicit: false } && parse.GetValue(judge) is null)
                throw new DecantException("--margin is about the scores of a judge: give --judge too, or leave it out.");
            var result = MiningJob.Run(
                new(parse.GetRequiredValue(queries), parse.GetRequiredValue(documents), parse.GetRequiredValue(relevance), parse.GetRequiredValue(output))
                {
                    Model = parse.GetValue(model),
                    Negatives = parse.GetValue(negatives),
                    Skip = parse.GetValue(skip),
                    Depth = parse.GetValue(depth),
                    Judge = parse.GetValue(judge),
                    Margin = parse.GetValue(margin),
                },
                parse.GetValue(json) ? null : line => services.Out.WriteLine(line),
                services.Interruption.Token);
            MiningView.Write(services.Out, result, parse.GetRequiredValue(output), parse.GetValue(json));
            return ExitCodes.Success;
        });
        return command;
    }
}
