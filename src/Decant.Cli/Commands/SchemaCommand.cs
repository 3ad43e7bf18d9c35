using System.CommandLine;
using System.Text;
using Decant.Cli.Hosting;
using Decant.Files;
using Decant.Runs.Recipes.JsonSchema;

namespace Decant.Cli.Commands;

internal static class SchemaCommand
{
    public static Command Create(CliServices services)
    {
        var study = new Option<bool>("--study") { Description = "The schema of studies instead of that of recipes." };
        var synthesis = new Option<bool>("--synthesis") { Description = "The schema of files for 'decant synthesize' instead of that of recipes." };
        var output = new Option<string?>("--out") { Description = "File to write; default: standard output.", HelpName = "file" };
        var command = new Command("schema", "Write the JSON Schema of recipes, with which editors complete and check their keys.") { study, synthesis, output };
        command.SetAction(parse =>
        {
            var kinds = services.Catalog.Value.Kinds;
            var schema = parse.GetValue(study) ? RecipeSchema.OfStudies(kinds) : parse.GetValue(synthesis) ? RecipeSchema.OfSyntheses(kinds) : RecipeSchema.OfRecipes(kinds);
            if (parse.GetValue(output) is not { } file || file == "-")
            {
                services.Out.Write(schema);
                return ExitCodes.Success;
            }

            AtomicFile.Write(file, Encoding.UTF8.GetBytes(schema));
            services.Out.WriteLine($"{file} is written. A YAML file uses it with a first line: {RecipeSchema.Comment}{Path.GetFileName(file)}");
            return ExitCodes.Success;
        });
        return command;
    }
}
