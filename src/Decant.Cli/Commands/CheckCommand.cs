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
        var probe = new Option<bool>("--probe") { Description = "Also ask a teacher behind an API (teacher.chat) a dozen short questions, which cost a little, and say whether it can do what the recipe needs; default: nothing is asked." };
        var command = new Command("check", "Check a recipe or a study: report all errors and what it would do, without training.") { recipe, set, probe };
        command.SetAction(parse =>
        {
            var file = new RecipeLibrary(services).Find(parse.GetRequiredValue(recipe));
            var isStudy = StudyReader.IsStudy(file);
            if (isStudy && parse.GetValue(probe))
                throw new DecantException("--probe is for a recipe, and this is a study: probe the recipe that it names.");
            var plan = isStudy ? OfStudy(services, file, parse.GetValue(set) ?? []) : OfRecipe(services, file, parse.GetValue(set) ?? [], parse.GetValue(probe));
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

    private static IReadOnlyList<PlanLine> OfRecipe(CliServices services, string file, string[] set, bool isProbed)
    {
        var document = CommonOptions.Read(services, file, set);
        var plan = Planned(services, job => job.Run(document.Run, services.Interruption.Token));
        return isProbed ? [.. plan, .. new ProbeJob(AgreeOption.Agreeing(services, isAgreed: false)).Run(document, services.Interruption.Token)] : plan;
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
