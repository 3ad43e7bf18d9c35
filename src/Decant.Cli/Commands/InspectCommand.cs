using System.CommandLine;
using Decant.Jobs;

namespace Decant.Cli;

internal static class InspectCommand
{
    private const string Student = "student";
    private const string Teacher = "teacher";

    public static Command Create(CliServices services)
    {
        var path = new Argument<string>("path")
        {
            Description = "A model's folder with its config.json, a recipe, or a file of weights (safetensors, or PyTorch's .bin, .pt, .pth, .th, .ckpt), an index of shards, or a folder with one of these.",
        };
        var model = new Option<string?>("--model") { Description = "Which model of a recipe: student or teacher; the student unless given." };
        model.AcceptOnlyFromAmong(Student, Teacher);
        var tokens = new Option<int?>("--tokens") { Description = "How many tokens the text has that a model of text is tried with; 16 unless given.", HelpName = "n" };
        var only = new Option<string?>("--path") { Description = "Only this path of the model and what is below; one that leads nowhere is answered with what comes near.", HelpName = "path" };
        var tensors = new Option<bool>("--tensors") { Description = "List the tensors of a folder's weights, not the model's modules." };
        var json = CommonOptions.Json();
        var command = new Command("inspect", "Say what a model is made of, by path, with shapes and costs; or list the tensors of a checkpoint. Nothing in it is run.")
        {
            path, model, tokens, only, tensors, json,
        };
        command.SetAction(parse =>
        {
            var what = parse.GetRequiredValue(path);
            var request = new ModelInspectionRequest { Path = parse.GetValue(only), Tokens = parse.GetValue(tokens) ?? new ModelInspectionRequest().Tokens };
            if (!parse.GetValue(tensors) && Model(services, what, parse.GetValue(model), request) is { } found)
            {
                if (parse.GetValue(json)) ModelView.WriteJson(services.Out, found);
                else ModelView.Write(services.Console.Value, found);
                return ExitCodes.Success;
            }

            if ((parse.GetValue(model) ?? parse.GetValue(only)) is not null || parse.GetValue(tokens) is not null)
                throw new DecantException($"{what}: '--model', '--path' and '--tokens' look into a model, and the tensors of a checkpoint were asked for. Give a model's folder with its config.json, or a recipe.");
            var listed = services.Jobs.Value.Inspect(what);
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
            return services.Jobs.Value.InspectModel(CommonOptions.Read(services, what, null).Recipe, which == Teacher, request, services.Interruption.Token);
        }

        return File.Exists(Path.Combine(what, "config.json")) ? services.Jobs.Value.InspectModel(what, request) : null;
    }
}
