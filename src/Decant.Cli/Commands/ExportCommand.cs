using System.CommandLine;
using System.CommandLine.Parsing;
using Decant.Cli.Hosting;
using Decant.Cli.Rendering;
using Decant.Hub;
using Decant.Runs.Exporting;
using Decant.Runs.Jobs.Exporting;

namespace Decant.Cli.Commands;

/// <summary>Exports a trained model to the formats of other programs.</summary>
internal static class ExportCommand
{
    private const string Onnx = "onnx";
    private const string CSharp = "csharp";
    private const string Model2Vec = "model2vec";
    private const string Gguf = "gguf";

    public static Command Create(CliServices services)
    {
        var model = new Argument<string>("model") { Description = "Folder of a trained model, or of a run (its student)" + ModelArgument.OrAddress + ", with --out." };
        var to = new Option<string>("--to") { Description = $"Format: {Onnx}; {Gguf}, for llama.cpp; {CSharp}, a class library around the model in its int8 form where that is exported; or {Model2Vec}, for static models.", DefaultValueFactory = _ => Onnx };
        to.AcceptOnlyFromAmong(Onnx, Gguf, CSharp, Model2Vec);
        var name = new Option<string?>("--name") { Description = $"With --to {CSharp}: the class, perhaps with its namespace, such as Reviews or Contoso.Reviews.", HelpName = "class" };
        var rows = new Option<string>("--rows") { Description = $"With --to {Model2Vec}: how the rows are stored; int8 has a factor for each row.", DefaultValueFactory = _ => NameOf(TableRows.Float16) };
        rows.AcceptOnlyFromAmong([.. Enum.GetValues<TableRows>().Select(NameOf)]);
        var dimensions = new Option<int?>("--dimensions") { Description = $"With --to {Model2Vec}, of a model that makes vectors and is no table yet: the width of the table that is made of it; default: 256.", HelpName = "d" };
        var vocabulary = new Option<string?>("--vocabulary") { Description = $"With --to {Model2Vec}, likewise: words or phrases, one on each line, that get rows of their own.", HelpName = "file" };
        var output = new Option<string?>("--out") { Description = $"Folder to write to; default: the model's own, where the files go to onnx/ or gguf/; of {CSharp} one of the project's name. With --to {Gguf} also a file that ends in .gguf.", HelpName = "folder" };
        var quantize = new Option<string[]>("--quantize")
        {
            Description = "Compressed form, written beside float32: int8 (ranges found from samples of the run's data), int8-dynamic, int4 or int8-weights (weights alone), float16, bfloat16. Of " + Gguf + " instead of f16: " + string.Join(", ", GgufExportJob.Forms) + ". May be repeated.",
            HelpName = "form",
            AllowMultipleArgumentsPerToken = true,
        };
        var recipe = new Option<string?>("--recipe") { Description = "Recipe whose data the samples are taken from; default: that of the model's run.", HelpName = "file" };
        var samples = new Option<int>("--samples") { Description = "Samples that ranges are found from, at most.", HelpName = "n", DefaultValueFactory = _ => new ExportRequest().Samples };
        var command = new Command("export", "Export a model to ONNX, checked in ONNX Runtime, also quantized: for ONNX Runtime, transformers.js and Decant.Inference; to GGUF, for llama.cpp; to a C# project around it; or a static model in Model2Vec's layout.") { model, to, name, rows, dimensions, vocabulary, output, quantize, recipe, samples };
        command.SetAction(parse =>
        {
            services.Interruption.Listen();
            var (folder, cancelled) = (ModelArgument.Folder(services, parse.GetRequiredValue(model)), services.Interruption.Token);
            if (parse.GetValue(to) == Model2Vec)
            {
                var table = new TableExportRequest(parse.GetValue(output)!, Enum.Parse<TableRows>(parse.GetValue(rows)!, ignoreCase: true)) { Dimensions = parse.GetValue(dimensions), Vocabulary = parse.GetValue(vocabulary) };
                ExportView.Write(services.Console.Value, TableExportJob.Run(folder, table));
                return ExitCodes.Success;
            }

            if (parse.GetValue(to) == Gguf)
            {
                ExportView.Write(services.Console.Value, GgufExportJob.Run(folder, parse.GetValue(quantize) ?? [], parse.GetValue(output), cancelled));
                return ExitCodes.Success;
            }

            var request = new ExportRequest
            {
                Output = parse.GetValue(output),
                Samples = parse.GetValue(samples),
                Recipe = parse.GetValue(recipe) is { } file ? CommonOptions.Read(services, file, null).Recipe : null,
            };
            request = request.With(parse.GetValue(quantize) ?? []);
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
            if (result.GetValue(to) == Model2Vec && result.GetValue(output) is null)
                result.AddError($"--to {Model2Vec} writes a folder of its own: name it with --out.");
            if (result.GetValue(to) == Model2Vec && result.GetValue(quantize) is { Length: > 0 })
                result.AddError($"--quantize is for ONNX files; rows of --to {Model2Vec} are stored as --rows says.");
            foreach (var option in new Option[] { rows, dimensions, vocabulary }.Where(o => result.GetValue(to) != Model2Vec && IsGiven(result, o)))
                result.AddError($"{option.Name} is for --to {Model2Vec} alone.");
            foreach (var option in new Option[] { recipe, samples }.Where(o => result.GetValue(to) is Model2Vec or Gguf && IsGiven(result, o)))
                result.AddError($"{option.Name} is for ONNX files; {(result.GetValue(to) == Gguf ? "GGUF files" : $"the rows of --to {Model2Vec}")} need no samples: leave it out.");
            if (result.GetValue(to) is not (Model2Vec or Gguf) && IsGiven(result, samples) && result.GetValue(quantize)?.Contains(ExportForms.StaticInt8) != true)
                result.AddError($"{samples.Name} is for ranges that are found from samples, which the form {ExportForms.StaticInt8} alone has: give --quantize {ExportForms.StaticInt8} too, or leave it out.");
            foreach (var (option, value) in new (Option, int?)[] { (dimensions, result.GetValue(dimensions)), (samples, result.GetValue(samples)) }.Where(o => IsGiven(result, o.Item1) && o.Item2 is < 1))
                result.AddError($"{option.Name}: expected a number of at least 1, came {value}.");
        });
        return command;
    }

    private static bool IsGiven(CommandResult result, Option option) => result.GetResult(option) is { Implicit: false };

    private static string NameOf(TableRows rows) => rows.ToString().ToLowerInvariant();
}
