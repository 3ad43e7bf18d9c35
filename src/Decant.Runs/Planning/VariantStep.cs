using Decant.Runs.Recipes.Reading;
using Decant.Runs.Recipes.Schema;

namespace Decant.Runs.Planning;

/// <summary>A run of a study: one variant with one seed, in a folder of its own.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Variant">The variant.</param>
/// <param name="Number">Its number, from 0.</param>
internal sealed record VariantStep(string Id, StudyVariant Variant, int Number) : RunStep(Id)
{
    public override string Words => $"run the variant {Variant.Name}";
}

/// <summary>The plan of a study: its runs, seed by seed, and their comparison.</summary>
internal static class StudyPlan
{
    /// <summary>The plan. The first variant of a seed trains teacher and control for the others.</summary>
    /// <param name="study">The study.</param>
    /// <exception cref="DecantException">Two variants have one folder.</exception>
    public static RunPlan Of(Study study)
    {
        var runs = study.Seeds.SelectMany(seed => study.Variants.Select((variant, i) => new VariantStep(IdOf(variant, seed), variant, i)
        {
            Seed = seed,
            After = i == 0 ? [] : [IdOf(study.Variants[0], seed)],
            Leaves = [Path.Combine(Folder(variant, seed), "summary.json")],
        })).ToArray();
        return new RunPlan([.. runs, new WriteStep("comparison") { After = [.. runs.Select(r => r.Id)], Leaves = ["study.json", "study.md"] }], []);
    }

    /// <summary>The folder of a run, relative to the study's.</summary>
    public static string Folder(StudyVariant variant, long seed) => Path.Combine(FormattableString.Invariant($"seed-{seed}"), StudyNames.Folder(variant.Name));

    private static string IdOf(StudyVariant variant, long seed) => RunStep.IdOf(seed, null, variant.Name);
}
