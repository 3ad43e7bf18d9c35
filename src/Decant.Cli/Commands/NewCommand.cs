using System.CommandLine;
using System.Text;
using Decant.Cli.Hosting;
using Decant.Files;
using Decant.Runs.Recipes.JsonSchema;
using Decant.Runs.Recipes.Templates;

namespace Decant.Cli.Commands;

internal static class NewCommand
{
    public static Command Create(CliServices services)
    {
        var task = new Argument<string>("task") { Description = string.Join("; ", RecipeTemplates.Tasks.Select(t => $"{t.Task}: {t.About}")) + "." };
        task.AcceptOnlyFromAmong([.. RecipeTemplates.Tasks.Select(t => t.Task)]);
        var data = new Option<string>("--data") { Description = "The training data.", HelpName = "file", Required = true };
        var text = new Option<string?>("--text") { Description = "Column of the text; default: guessed from the file.", HelpName = "column" };
        var label = new Option<string?>("--label") { Description = "Column of the label; default: guessed from the file.", HelpName = "column" };
        var pair = new Option<string?>("--pair") { Description = "Column of the second text of a pair; default: guessed from the file.", HelpName = "column" };
        var header = CommonOptions.TrueOrFalse("--header", "Whether the first row of a table has the column names; default: guessed. Without names, columns are numbered from 1.");
        var classes = new Option<string?>("--classes") { Description = "Classes of classifier-from-prompt and synthesize, separated by commas, spelled as the data's labels are.", HelpName = "names" };
        var types = new Option<string?>("--types") { Description = "Types of spans of extractor-from-prompt, separated by commas; default: those of the tags.", HelpName = "names" };
        var output = new Option<string?>("--out") { Description = "Recipe file to write; default: NAME.yaml in the current folder; -: standard output.", HelpName = "file" };
        var command = new Command("new", "Write a recipe for a task and a data file.") { task, data, text, pair, label, header, classes, types, output };
        command.SetAction(parse =>
        {
            var file = parse.GetRequiredValue(data);
            var target = parse.GetValue(output) ?? Path.GetFileNameWithoutExtension(file) + ".yaml";
            var folder = target == "-" ? "." : Path.GetDirectoryName(Path.GetFullPath(target))!;
            var request = new TemplateRequest
            {
                Task = parse.GetRequiredValue(task),
                Data = Path.GetRelativePath(folder, file).Replace('\\', '/'),
                DataNow = file,
                TextColumn = parse.GetValue(text),
                PairColumn = parse.GetValue(pair),
                LabelColumn = parse.GetValue(label),
                Classes = parse.GetValue(classes)?.Split(',') ?? [],
                Types = parse.GetValue(types)?.Split(',') ?? [],
                HasHeader = CommonOptions.TrueOrFalse(parse, header),
            };
            var (recipe, notes) = RecipeTemplates.WriteNoting(request);
            // What was guessed is reported beside a recipe that is written to the output.
            foreach (var note in notes) (target == "-" ? services.Error : services.Out).WriteLine($"{file}: {note}.");
            Put(services, target, recipe, request.Task == RecipeTemplates.SynthesisTask);
            return ExitCodes.Success;
        });
        return command;
    }

    // With the schema beside it an editor completes and checks the keys; what goes to the output has no place of its own.
    private static void Put(CliServices services, string target, string recipe, bool isSynthesis)
    {
        if (target == "-")
        {
            services.Out.Write(recipe);
            return;
        }

        var kinds = services.Catalog.Value.Kinds;
        var schema = isSynthesis ? RecipeSchema.SynthesisFileName : RecipeSchema.FileName;
        AtomicFile.Write(target, Encoding.UTF8.GetBytes($"{RecipeSchema.Comment}{schema}\n{recipe}"), replace: false);
        AtomicFile.Write(Path.Combine(Path.GetDirectoryName(Path.GetFullPath(target))!, schema), Encoding.UTF8.GetBytes(isSynthesis ? RecipeSchema.OfSyntheses(kinds) : RecipeSchema.OfRecipes(kinds)));
        services.Out.WriteLine($"{target} is written. Next: decant {(isSynthesis ? "synthesize" : "check")} {target}");
    }
}
