using System.CommandLine;
using Decant.Cli.Hosting;
using Decant.Cli.Rendering;
using Decant.Hub;
using Decant.Runs.Jobs.Prediction;
using Decant.Runs.Jobs.Tokenizing;

namespace Decant.Cli.Commands;

/// <summary>Shows a tokenizer at work.</summary>
internal static class TokenizeCommand
{
    private static readonly string[] s_jsonEndings = [".jsonl", ".ndjson"];

    public static Command Create(CliServices services)
    {
        var model = new Argument<string>("model") { Description = "Folder of a model with its tokenizer, or of a run (its student), or a tokenizer file such as tokenizer.json" + ModelArgument.OrAddress + "." };
        var text = new Argument<string[]>("text") { Description = "Texts to tokenize; default: --file, or standard input, one text per line.", Arity = ArgumentArity.ZeroOrMore };
        var file = new Option<string?>("--file") { Description = "Input file: one text per line, or JSON Lines with text and pair where the name ends in .jsonl; the output is a JSON object per line.", HelpName = "file" };
        var bare = new Option<bool>("--no-special") { Description = "Do not add special tokens." };
        var json = CommonOptions.Json();
        var command = new Command("tokenize", "Tokenize texts: ids, tokens, and their positions in the text.") { model, text, file, bare, json };
        command.SetAction(parse =>
        {
            var (texts, path) = (TextArguments.Checked(parse, text), parse.GetValue(file));
            if (path is not null && texts.Length > 0) throw new DecantException("Texts and --file both say what is to be tokenized: leave one of them out.");
            var request = new TokenizeRequest
            {
                AreJson = path is not null && s_jsonEndings.Contains(Path.GetExtension(path), StringComparer.OrdinalIgnoreCase),
                AddSpecial = !parse.GetValue(bare),
            };
            var lines = texts.Length > 0 ? PredictLine.Of(texts) : path is null ? PredictLine.Of(services.In.Value) : PredictLine.OfFile(path);
            services.Interruption.Listen();
            var tokenized = TokenizeJob.Run(ModelArgument.Folder(services, parse.GetRequiredValue(model), FetchPurpose.Tokenizer), request, lines, services.Interruption.Token);
            if (path is not null || parse.GetValue(json)) TokenizeView.WriteJson(services.Out, tokenized);
            else TokenizeView.Write(services.Console.Value, tokenized);
            return ExitCodes.Success;
        });
        return command;
    }
}
