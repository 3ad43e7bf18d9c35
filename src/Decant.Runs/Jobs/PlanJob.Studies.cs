using Decant.Runs.Planning;
using Decant.Runs.Recipes.Reading;
using Decant.Runs.Recipes.Schema;
using Decant.Torch;

namespace Decant.Runs.Jobs;

internal sealed partial class PlanJob
{
    /// <summary>The plan of a study, variant by variant: the first trains teacher and control for all.</summary>
    /// <exception cref="DecantException">The data or the models are not what a variant needs; it is named.</exception>
    public IReadOnlyList<PlanLine> Run(Study study, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(study);
        var steps = StudyPlan.Of(study).Steps.OfType<VariantStep>().Where(s => s.Seed == study.Seeds[0]).ToArray();
        var recipes = steps.Select(s => StudyRuns.RecipeOf(new RecipeReader(catalog.Kinds), study, s.Variant, study.Seeds[0])).ToArray();
        var lines = new List<PlanLine>();
        var seconds = 0.0;
        foreach (var (variant, recipe) in steps.Select(s => s.Variant).Zip(recipes))
        {
            var (own, time) = OfVariant(variant, recipe, variant == study.Variants[0] ? Part.All : Part.Students, cancellationToken);
            lines.AddRange(own.Select(line => line with { Title = $"{variant.Name}: {line.Title}" }));
            seconds += time;
        }

        lines.Add(Memory());
        lines.Add(new("total", $"{study.Variants.Count} variants, {Seeds(study.Seeds)}, about {Duration(seconds * study.Seeds.Count)} of training on {Runtime.Threads} threads"));
        return lines;
    }

    private (List<PlanLine> Lines, double Seconds) OfVariant(StudyVariant variant, Recipe recipe, Part part, CancellationToken cancellationToken)
    {
        try
        {
            // Every seed of a study is a run of its own.
            var (lines, seconds, once) = Plan(recipe, part, cancellationToken);
            return (lines, seconds + once);
        }
        catch (DecantException error)
        {
            throw StudyRuns.Named(variant, error);
        }
    }
}
