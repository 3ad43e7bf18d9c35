using System.CommandLine;
using Decant.Cli.Hosting;
using Decant.Cli.Rendering;
using Decant.Cli.Seam;
using Decant.Runs.Recipes.Reading;

namespace Decant.Cli.Commands;

internal static class CheckCommand
{
    public static Command Create(CliServices services)
    {
        var recipe = CommonOptions.Recipe();
        var set = CommonOptions.Set();
        var command = new Command("check", "Check a recipe or a study: report all errors and what it would do, without training.") { recipe, set };
        command.SetAction(parse =>
        {
            var file = new RecipeLibrary(services).Find(parse.GetRequiredValue(recipe));
            var isStudy = StudyReader.IsStudy(file);
            var plan = isStudy ? OfStudy(services, file, parse.GetValue(set) ?? []) : OfRecipe(services, file, parse.GetValue(set) ?? []);
            PlanView.Write(services.Console.Value, plan);
            // Last, and only where data and models were made without a fault: what is wrong is told instead.
            services.Out.WriteLine($"{file}: nothing is wrong with this {(isStudy ? "study" : "recipe")}.");
            return ExitCodes.Success;
        });
        return command;
    }

    private static IReadOnlyList<PlanLine> OfRecipe(CliServices services, string file, string[] set)
    {
        var document = CommonOptions.Read(services, file, set);
        services.Interruption.Listen();
        return document.MultiTask is { } several
            ? services.Jobs.Value.Plan(several, services.Interruption.Token)
            : services.Jobs.Value.Plan(document.Recipe, services.Interruption.Token);
    }

    private static IReadOnlyList<PlanLine> OfStudy(CliServices services, string file, string[] set)
    {
        var study = new StudyReader(services.Jobs.Value.Kinds) { Environment = services.Environment }.Read(file);
        services.Interruption.Listen();
        return services.Jobs.Value.Plan(study with { Set = [.. study.Set, .. set] }, services.Interruption.Token);
    }
}
