using System.CommandLine;
using Decant.Cli.Hosting;
using Decant.Cli.Rendering;
using Decant.Runs.Jobs;
using Decant.Runs.Jobs.Inspecting;

namespace Decant.Cli.Commands;

internal static class InspectCommand
{
    private const string Student = "student";
    private const string Teacher = "teacher";

    public static Command Create(CliServices services)
    {
        var path = new Argument<string>("path")
        {
            Description = "Model folder with config.json, a recipe, a weights file (safetensors, GGUF, or PyTorch's .bin, .pt, .pth, .th, .ckpt), an index of shards, or a folder with one of these" + ModelArgument.OrAddress + ".",
        };
        var model = new Option<string?>("--model") { Description = "Model of a recipe: student or teacher; default: student." };
        model.AcceptOnlyFromAmong(Student, Teacher);
        var tokens = new Option<int?>("--tokens") { Description = "Length of the input that a text model is traced with, in tokens; default: 16.", HelpName = "n" };
        var only = new Option<string?>("--path") { Description = "Show only this module path and the modules below it.", HelpName = "path" };
        var tensors = new Option<bool>("--tensors") { Description = "List the tensors of the weights instead of the modules." };
        var json = CommonOptions.Json();
        var command = new Command("inspect", "List the modules of a model by path, with shapes and costs, or the tensors of a checkpoint. No code of the file is run.")
        {
            path, model, tokens, only, tensors, json,
        };
        command.SetAction(parse =>
        {
            var what = ModelArgument.Folder(services, parse.GetRequiredValue(path));
            var request = new ModelInspectionRequest { Path = parse.GetValue(only), Tokens = parse.GetValue(tokens) ?? new ModelInspectionRequest().Tokens };
            if (!parse.GetValue(tensors) && Model(services, what, parse.GetValue(model), request) is { } found)
            {
                if (parse.GetValue(json)) ModelView.WriteJson(services.Out, found);
                else ModelView.Write(services.Console.Value, found);
                return ExitCodes.Success;
            }

            if ((parse.GetValue(model) ?? parse.GetValue(only)) is not null || parse.GetValue(tokens) is not null)
                throw new DecantException($"{what}: '--model', '--path' and '--tokens' look into a model, and the tensors of a checkpoint were asked for. Give a model's folder with its config.json, or a recipe.");
            var listed = InspectJob.Run(what);
            if (parse.GetValue(json)) InspectView.WriteJson(services.Out, listed);
            else InspectView.Write(services.Console.Value, listed);
            return ExitCodes.Success;
        });
        return command;
    }

    /// <summary>Null: it is no model.</summary>
    private static ModelInspection? Model(CliServices services, string what, string? which, ModelInspectionRequest request)
    {
        if (which is not null || Path.GetExtension(what) is ".yaml" or ".yml")
        {
            services.Interruption.Listen();
            return InspectModelJob.Run(services.Catalog.Value, CommonOptions.Read(services, what, null).Recipe, which == Teacher, request, new PlainProgress(services.Error, services.Clock), services.Interruption.Token);
        }

        return File.Exists(Path.Combine(what, "config.json")) ? InspectModelJob.Run(what, request) : null;
    }
}
