using System.CommandLine;
using Decant.Cli.Hosting;
using Decant.Cli.Rendering;
using Decant.Runs.Jobs;
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
            Show(services, file, isStudy, plan);
            return ExitCodes.Success;
        });
        return command;
    }

    internal static void Show(CliServices services, string file, bool isStudy, IReadOnlyList<PlanLine> plan)
    {
        PlanView.Write(services.Console.Value, plan);
        // Last, and only where data and models were made without a fault: errors are reported instead.
        services.Out.WriteLine($"{file}: nothing is wrong with this {(isStudy ? "study" : "recipe")}.");
    }

    private static IReadOnlyList<PlanLine> OfRecipe(CliServices services, string file, string[] set)
    {
        var document = CommonOptions.Read(services, file, set);
        return Planned(services, job => job.Run(document.Run, services.Interruption.Token));
    }

    private static IReadOnlyList<PlanLine> OfStudy(CliServices services, string file, string[] set)
    {
        var study = new StudyReader(services.Catalog.Value.Kinds) { Environment = services.Environment }.Read(file);
        return Planned(services, job => job.Run(study with { Set = [.. study.Set, .. set] }, services.Interruption.Token));
    }

    // Told only of models that are fetched: the plan itself is the answer.
    private static IReadOnlyList<PlanLine> Planned(CliServices services, Func<PlanJob, IReadOnlyList<PlanLine>> plan)
    {
        services.Interruption.Listen();
        return plan(new PlanJob(services.Catalog.Value, new PlainProgress(services.Error, services.Clock)));
    }
}
