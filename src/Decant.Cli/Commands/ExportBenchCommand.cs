using System.CommandLine;
using Decant.Cli.Hosting;
using Decant.Cli.Rendering;
using Decant.Runs.Jobs.Exporting;
using Decant.Runs.Reports.Table;

namespace Decant.Cli.Commands;

/// <summary>Measures the ONNX files of a model in ONNX Runtime.</summary>
internal static class ExportBenchCommand
{
    public static Command Create(CliServices services)
    {
        var model = new Argument<string>("model") { Description = "Folder of an exported model, or of a run (its student)." };
        var recipe = new Option<string?>("--recipe") { Description = "Recipe whose test split is used; default: that of the model's run.", HelpName = "file" };
        var command = new Command("export", "Measure the ONNX files of a model in ONNX Runtime: quality, size, speed and memory of each form.") { model, recipe };
        command.SetAction(parse =>
        {
            services.Interruption.Listen();
            var splits = parse.GetValue(recipe) is { } file ? CommonOptions.Read(services, file, null).Recipe : null;
            var measured = new ExportBenchJob(services.Catalog.Value).Run(parse.GetRequiredValue(model), splits, services.Interruption.Token);
            ComparisonView.Write(services.Console.Value, ExportTable.Of(measured)!);
            return ExitCodes.Success;
        });
        return command;
    }
}
