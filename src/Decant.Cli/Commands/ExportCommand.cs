using System.CommandLine;
using Decant.Cli.Hosting;
using Decant.Cli.Rendering;
using Decant.Runs.Jobs.Exporting;

namespace Decant.Cli.Commands;

/// <summary>Exports a trained model to the formats of other programs.</summary>
internal static class ExportCommand
{
    private const string Onnx = "onnx";

    public static Command Create(CliServices services)
    {
        var model = new Argument<string>("model") { Description = "Folder of a trained model, or of a run (its student)." };
        var to = new Option<string>("--to") { Description = $"Format: {Onnx}.", DefaultValueFactory = _ => Onnx };
        to.AcceptOnlyFromAmong(Onnx);
        var output = new Option<string?>("--out") { Description = "Folder to write to; default: the model's own, where the files go to onnx/.", HelpName = "folder" };
        var quantize = new Option<string[]>("--quantize")
        {
            Description = "Compressed form, written beside float32: int8 (ranges found from samples of the run's data), int8-dynamic, int4 or int8-weights (weights alone), float16, bfloat16; may be repeated.",
            HelpName = "form",
            AllowMultipleArgumentsPerToken = true,
        };
        var recipe = new Option<string?>("--recipe") { Description = "Recipe whose data the samples are taken from; default: that of the model's run.", HelpName = "file" };
        var samples = new Option<int>("--samples") { Description = "Samples that ranges are found from, at most.", HelpName = "n", DefaultValueFactory = _ => new ExportRequest().Samples };
        var command = new Command("export", "Export a model to ONNX, checked in ONNX Runtime, also quantized: for ONNX Runtime, transformers.js and Decant.Inference.") { model, to, output, quantize, recipe, samples };
        command.SetAction(parse =>
        {
            services.Interruption.Listen();
            var request = new ExportRequest
            {
                Output = parse.GetValue(output),
                Samples = parse.GetValue(samples),
                Recipe = parse.GetValue(recipe) is { } file ? CommonOptions.Read(services, file, null).Recipe : null,
            };
            ExportView.Write(services.Console.Value, new ExportJob(services.Catalog.Value).Run(parse.GetRequiredValue(model), request.With(parse.GetValue(quantize) ?? []), cancellationToken: services.Interruption.Token));
            return ExitCodes.Success;
        });
        return command;
    }
}
