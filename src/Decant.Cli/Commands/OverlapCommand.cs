using System.CommandLine;
using Decant.Cli.Hosting;
using Decant.Cli.Rendering;
using Decant.Runs.Jobs.Overlapping;

namespace Decant.Cli.Commands;

/// <summary><c>decant overlap</c>: whether rows that a model learns from are among those that it is measured on.</summary>
internal static class OverlapCommand
{
    public static Command Create(CliServices services)
    {
        var train = new Argument<string>("train") { Description = "Training file: CSV, TSV, JSON, lines of a label and a text, or lines of text." };
        var with = new Option<string[]>("--with") { Description = "File that is measured on, such as a test file; may be repeated.", HelpName = "file", Required = true };
        var text = new Option<string?>("--text") { Description = "Column of the text, in all files; default: guessed from each.", HelpName = "column" };
        var near = new Option<double?>("--near") { Description = "Jaccard similarity from which on two texts are near duplicates, 0.5 to 1; default: 0.8.", HelpName = "x" };
        var ngram = new Option<int?>("--ngram") { Description = "Length of a shared passage in words (Chinese: characters); 0: not compared; default: 13.", HelpName = "n" };
        var characters = new Option<bool>("--characters") { Description = "Compare by shingles of five characters instead of two words." };
        var examples = new Option<int?>("--examples") { Description = "How many examples of each file are shown; default: 5.", HelpName = "n" };
        var fail = new Option<bool>("--fail") { Description = "Exit with 2 if anything overlaps." };
        var json = CommonOptions.Json();
        var command = new Command("overlap", "Compare a training file with files that are measured on: the same rows, near duplicates, shared passages.") { train, with, text, near, ngram, characters, examples, fail, json };
        command.SetAction(parse =>
        {
            services.Interruption.Listen();
            var result = OverlapJob.Run(
                new()
                {
                    Train = parse.GetRequiredValue(train),
                    With = parse.GetRequiredValue(with),
                    Text = parse.GetValue(text),
                    Near = parse.GetValue(near),
                    Ngram = parse.GetValue(ngram),
                    IsByCharacters = parse.GetValue(characters),
                    Examples = Math.Max(0, parse.GetValue(examples) ?? 5),
                },
                services.Interruption.Token);
            if (parse.GetValue(json))
                OverlapView.WriteJson(services.Out, result);
            else
                OverlapView.Write(services.Console.Value, result);
            return parse.GetValue(fail) && result.HasAny ? ExitCodes.BadInput : ExitCodes.Success;
        });
        return command;
    }
}
