using System.CommandLine;
using System.Globalization;
using Decant.Cli.Hosting;
using Decant.Runs.Jobs.Prediction;

namespace Decant.Cli.Commands;

/// <summary>Answers lines of text with a model of any task.</summary>
internal static class PredictCommand
{
    private const int BatchesOfFile = 16; // a file is there at once; what comes in may wait for its answers
    private static readonly string[] s_jsonEndings = [".jsonl", ".ndjson"];

    public static Command Create(CliServices services)
    {
        var model = new Argument<string>("model") { Description = "Folder of a model with its tokenizer, or of a run (its student)." };
        var text = new Argument<string[]>("text") { Description = "Input texts; default: --file, or standard input, one text per line.", Arity = ArgumentArity.ZeroOrMore };
        var file = new Option<string?>("--file") { Description = "Input file, one text per line; two texts of a pair separated by a tab; words to tag separated by spaces.", HelpName = "file" };
        var json = new Option<bool>("--jsonl") { Description = "Treat input as JSON Lines with text, text and pair, or words; other fields are copied to the output. Implied by the .jsonl extension." };
        var batch = new Option<int?>("--batch") { Description = "Batch size, in lines; default: 32.", HelpName = "n" };
        var top = new Option<int?>("--top") { Description = "Number of most probable classes (default: all) or tokens (default: 5) to report.", HelpName = "n" };
        var command = new Command("predict", "Run a model on lines of text: class, tags, regression values, embedding, masked tokens or perplexity.") { model, text, file, json, batch, top };
        command.SetAction(parse =>
        {
            var (texts, path) = (parse.GetValue(text) ?? [], parse.GetValue(file));
            var standard = new PredictRequest();
            var options = standard with
            {
                AreJson = parse.GetValue(json) || (path is not null && s_jsonEndings.Contains(Path.GetExtension(path), StringComparer.OrdinalIgnoreCase)),
                BatchSize = AtLeast1(parse.GetValue(batch), batch) ?? standard.BatchSize,
                ReadAhead = path is null ? 1 : BatchesOfFile,
                Top = AtLeast1(parse.GetValue(top), top),
            };
            return Run(services, parse.GetRequiredValue(model), options, Lines(services, texts, path));
        });
        return command;
    }

    private static int Run(CliServices services, string model, PredictRequest options, IEnumerable<PredictLine> lines)
    {
        services.Interruption.Listen();
        var summary = services.Jobs.Value.Predict(model, options, lines, services.Out.WriteLine, services.Interruption.Token);
        if (summary.Faulty == 0)
            return ExitCodes.Success;
        services.Out.Flush();
        throw new DecantException(string.Create(
            CultureInfo.InvariantCulture, $"{summary.Faulty:N0} of {summary.Lines:N0} lines could not be answered and say 'error' instead; the first is {summary.FirstFault}."));
    }

    private static IEnumerable<PredictLine> Lines(CliServices services, string[] texts, string? file)
    {
        if (file is not null && texts.Length > 0) throw new DecantException("Texts and --file both say what is to be answered: leave one of them out.");
        return texts.Length > 0 ? PredictLine.Of(texts) : file is null ? PredictLine.Of(services.In.Value) : PredictLine.OfFile(file);
    }

    private static int? AtLeast1(int? value, Option option) =>
        value is null or >= 1 ? value : throw new DecantException($"{option.Name}: expected a number of at least 1, came {value}.");
}
