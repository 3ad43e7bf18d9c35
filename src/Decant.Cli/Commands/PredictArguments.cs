using System.CommandLine;
using Decant.Cli.Hosting;
using Decant.Runs.Jobs.Prediction;

namespace Decant.Cli.Commands;

/// <summary>The arguments of <c>decant predict</c>: which model, which lines, and how they are read and answered.</summary>
internal sealed class PredictArguments
{
    private const int BatchesOfFile = 16; // a file is there at once; what comes in may wait for its answers
    private static readonly string[] s_jsonEndings = [".jsonl", ".ndjson"];

    private readonly Argument<string> _model = new("model") { Description = "Folder of a model with its tokenizer, or of a run (its student)" + ModelArgument.OrAddress + "." };
    private readonly Argument<string[]> _text = new("text") { Description = "Input texts; default: --file, or standard input, one text per line.", Arity = ArgumentArity.ZeroOrMore };
    private readonly Option<string?> _file = new("--file") { Description = "Input file, one text per line; two texts of a pair separated by a tab; words to tag separated by spaces.", HelpName = "file" };
    private readonly Option<string?> _images = new("--images") { Description = "Picture, or folder whose pictures (PNG, JPEG, BMP, WebP, GIF) are classified, with those below it; for models of images.", HelpName = "path" };
    private readonly Option<bool> _json = new("--jsonl") { Description = "Treat input as JSON Lines with text, text and pair, or words; other fields are copied to the output. Implied by the .jsonl extension." };
    private readonly Option<int?> _batch = new("--batch") { Description = "Batch size, in lines; default: 32.", HelpName = "n" };
    private readonly Option<int?> _top = new("--top") { Description = "Number of most probable classes (default: all) or tokens (default: 5) to report.", HelpName = "n" };

    public void AddTo(Command command)
    {
        command.Add(_model);
        command.Add(_text);
        foreach (var option in new Option[] { _file, _images, _json, _batch, _top })
            command.Add(option);
    }

    public string Model(ParseResult parse) => parse.GetRequiredValue(_model);

    public PredictRequest Request(ParseResult parse)
    {
        var (standard, path) = (new PredictRequest(), parse.GetValue(_file));
        return standard with
        {
            AreJson = parse.GetValue(_json) || (path is not null && s_jsonEndings.Contains(Path.GetExtension(path), StringComparer.OrdinalIgnoreCase)),
            BatchSize = AtLeast1(parse.GetValue(_batch), _batch) ?? standard.BatchSize,
            ReadAhead = path is null ? 1 : BatchesOfFile,
            Top = AtLeast1(parse.GetValue(_top), _top),
        };
    }

    /// <summary>The pictures that are to be answered; null: texts are.</summary>
    public string? Images(ParseResult parse)
    {
        var images = parse.GetValue(_images);
        if (images is not null && (parse.GetValue(_file) is not null || parse.GetValue(_text) is { Length: > 0 } || parse.GetValue(_json)))
            throw new DecantException("--images answers pictures, and texts, --file and --jsonl are for models of text: leave one of the two out.");
        return images;
    }

    public IEnumerable<PredictLine> Lines(CliServices services, ParseResult parse)
    {
        var (texts, file) = (TextArguments.Checked(parse, _text), parse.GetValue(_file));
        if (file is not null && texts.Length > 0) throw new DecantException("Texts and --file both say what is to be answered: leave one of them out.");
        return texts.Length > 0 ? PredictLine.Of(texts) : file is null ? PredictLine.Of(services.In.Value) : PredictLine.OfFile(file);
    }

    private static int? AtLeast1(int? value, Option option) =>
        value is null or >= 1 ? value : throw new DecantException($"{option.Name}: expected a number of at least 1, came {value}.");
}
