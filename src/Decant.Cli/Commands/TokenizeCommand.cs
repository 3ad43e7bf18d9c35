using System.CommandLine;
using Decant.Jobs;

namespace Decant.Cli;

/// <summary>Shows a tokenizer at work.</summary>
internal static class TokenizeCommand
{
    private static readonly string[] s_jsonEndings = [".jsonl", ".ndjson"];

    public static Command Create(CliServices services)
    {
        var model = new Argument<string>("model") { Description = "The folder of a model with its tokenizer, or of a run (its student), or a tokenizer's file such as tokenizer.json." };
        var text = new Argument<string[]>("text") { Description = "Texts to tokenize; without them and --file, what comes in is read line by line.", Arity = ArgumentArity.ZeroOrMore };
        var file = new Option<string?>("--file") { Description = "A file with a text on every line, or with JSON objects of text and pair where its name ends in .jsonl; answered with a JSON object for each.", HelpName = "file" };
        var bare = new Option<bool>("--no-special") { Description = "Leave out the tokens that a model wants around a text." };
        var json = CommonOptions.Json();
        var command = new Command("tokenize", "Show what a tokenizer makes of texts: ids, tokens, and where in the text each came from.") { model, text, file, bare, json };
        command.SetAction(parse =>
        {
            var (texts, path) = (parse.GetValue(text) ?? [], parse.GetValue(file));
            if (path is not null && texts.Length > 0) throw new DecantException("Texts and --file both say what is to be tokenized: leave one of them out.");
            var request = new TokenizeRequest
            {
                AreJson = path is not null && s_jsonEndings.Contains(Path.GetExtension(path), StringComparer.OrdinalIgnoreCase),
                AddSpecial = !parse.GetValue(bare),
            };
            var lines = texts.Length > 0 ? PredictLine.Of(texts) : path is null ? PredictLine.Of(services.In.Value) : PredictLine.OfFile(path);
            services.Interruption.Listen();
            var tokenized = services.Jobs.Value.Tokenize(parse.GetRequiredValue(model), request, lines, services.Interruption.Token);
            if (path is not null || parse.GetValue(json)) TokenizeView.WriteJson(services.Out, tokenized);
            else TokenizeView.Write(services.Console.Value, tokenized);
            return ExitCodes.Success;
        });
        return command;
    }
}
