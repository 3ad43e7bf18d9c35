using System.CommandLine;
using Decant.Cli.Hosting;
using Decant.Cli.Rendering;
using Decant.Hub;
using Decant.Runs.Jobs.Exporting;

namespace Decant.Cli.Commands;

/// <summary>Exports a trained model to the formats of other programs.</summary>
internal static class ExportCommand
{
    private const string Onnx = "onnx";
    private const string CSharp = "csharp";

    public static Command Create(CliServices services)
    {
        var model = new Argument<string>("model") { Description = "Folder of a trained model, or of a run (its student)" + ModelArgument.OrAddress + ", with --out." };
        var to = new Option<string>("--to") { Description = $"Format: {Onnx}, or {CSharp}, a class library around the model in its int8 form where that is exported.", DefaultValueFactory = _ => Onnx };
        to.AcceptOnlyFromAmong(Onnx, CSharp);
        var name = new Option<string?>("--name") { Description = $"With --to {CSharp}: the class, perhaps with its namespace, such as Reviews or Contoso.Reviews.", HelpName = "class" };
        var output = new Option<string?>("--out") { Description = $"Folder to write to; default: the model's own, where the files go to onnx/; of {CSharp} one of the project's name.", HelpName = "folder" };
        var quantize = new Option<string[]>("--quantize")
        {
            Description = "Compressed form, written beside float32: int8 (ranges found from samples of the run's data), int8-dynamic, int4 or int8-weights (weights alone), float16, bfloat16; may be repeated.",
            HelpName = "form",
            AllowMultipleArgumentsPerToken = true,
        };
        var recipe = new Option<string?>("--recipe") { Description = "Recipe whose data the samples are taken from; default: that of the model's run.", HelpName = "file" };
        var samples = new Option<int>("--samples") { Description = "Samples that ranges are found from, at most.", HelpName = "n", DefaultValueFactory = _ => new ExportRequest().Samples };
        var command = new Command("export", "Export a model to ONNX, checked in ONNX Runtime, also quantized: for ONNX Runtime, transformers.js and Decant.Inference; or to a C# project around it.") { model, to, name, output, quantize, recipe, samples };
        command.SetAction(parse =>
        {
            services.Interruption.Listen();
            var request = new ExportRequest
            {
                Output = parse.GetValue(output),
                Samples = parse.GetValue(samples),
                Recipe = parse.GetValue(recipe) is { } file ? CommonOptions.Read(services, file, null).Recipe : null,
            };
            request = request.With(parse.GetValue(quantize) ?? []);
            var (folder, cancelled) = (ModelArgument.Folder(services, parse.GetRequiredValue(model)), services.Interruption.Token);
            if (parse.GetValue(to) == CSharp)
                ExportView.Write(services.Console.Value, new CSharpExportJob(services.Catalog.Value).Run(folder, parse.GetValue(name)!, request, cancellationToken: cancelled));
            else
                ExportView.Write(services.Console.Value, new ExportJob(services.Catalog.Value).Run(folder, request, cancellationToken: cancelled));
            return ExitCodes.Success;
        });
        command.Validators.Add(result =>
        {
            if (result.GetValue(model) is { } given && ModelAddress.IsOne(given) && result.GetValue(output) is null && result.GetValue(to) != CSharp)
                result.AddError("--out is needed: a model that is fetched lies in a cache that other programs share, and nothing is written there.");
            var (isProject, isNamed) = (result.GetValue(to) == CSharp, result.GetValue(name) is not null);
            if (isProject != isNamed)
                result.AddError(isProject ? $"--to {CSharp} needs a class's name: --name Reviews." : $"--name is for --to {CSharp} alone.");
        });
        return command;
    }
}
