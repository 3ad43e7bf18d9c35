using Decant.Runs.Comparing;
using Decant.Runs.Planning;
using Decant.Runs.Preparing;
using Decant.Runs.Recipes.Schema;
using Decant.Runs.Reports.Record;
using Decant.Runs.Running;

namespace Decant.Runs.Jobs;

/// <summary>The main job: train or load the teacher, let the student imitate it, distil, train the control, measure all on samples that nothing has seen.</summary>
public sealed class DistillJob(Catalog catalog) : RecipeJob<Recipe>
{
    private protected override IRecipeJob<Recipe> Around(RunOptions options, IProgress<RunEvent>? progress) => new RecipeRunner<Recipe, PreparedData>(
        catalog,
        new(
            "distill",
            Check,
            (recipe, token) => DataPreparation.Prepare(catalog, recipe, token),
            (recipe, data) => new DryRun(catalog, recipe, data).All(),
            (recipe, data, token) => new ThreadAllocations(catalog, recipe, data).OfAll(token),
            RunSeeds),
        options,
        progress);

    private static void Check(Recipe recipe)
    {
        if (!recipe.HasTeacher())
            throw new DecantException("There is nothing to distil: the recipe has no 'teacher'.");
    }

    /// <summary>One seed after the other: its models are measured when they are trained, and only their answers outlive them.</summary>
    private void RunSeeds(Recipe recipe, PreparedData data, RunSession session, CancellationToken cancellationToken)
    {
        var comparison = new FinalComparison(recipe, data, session);
        using var shared = new SharedTeachers();
        foreach (var seed in recipe.RunSeeds())
        {
            using var outcome = new SeedOutcome(seed);
            new DistillSeed(catalog, recipe, data.ForSeed(seed), session, shared).Run(outcome, cancellationToken);
            comparison.Add(outcome, cancellationToken);
        }

        comparison.Write();
    }
}
