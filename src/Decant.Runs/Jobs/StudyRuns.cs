using Decant.Runs.Planning;
using Decant.Runs.Recipes.Reading;
using Decant.Runs.Recipes.Schema;
using Decant.Runs.Reports.Record;
using Decant.Runs.Running;
using Decant.Teachers.Answers;

namespace Decant.Runs.Jobs;

/// <summary>The runs that a study is made of, one folder for each variant and seed.</summary>
internal sealed class StudyRuns(Catalog catalog, Study study, string root) : IDisposable
{
    private readonly TeacherOutputCache _cache = new(TeacherProvider.MostFeatureBytes);
    private readonly RecipeReader _reader = new(catalog.Kinds);

    /// <summary>The folder of a run.</summary>
    public string Folder(StudyVariant variant, long seed) => Path.Combine(root, StudyPlan.Folder(variant, seed));

    /// <summary>Whether a run is done.</summary>
    public bool IsDone(StudyVariant variant, long seed) => File.Exists(Path.Combine(Folder(variant, seed), "summary.json"));

    /// <summary>
    /// The recipe of a run: the first variant trains the teacher, if the recipe does, and the control with its baselines; the others load that teacher and have none of these, because
    /// their training does not depend on what a student learns from its teacher. A variant with another student, or other labels, has its own.
    /// </summary>
    /// <exception cref="DecantException">What the variant sets does not go together; it is named.</exception>
    public Recipe RecipeOf(StudyVariant variant, long seed)
    {
        var recipe = RecipeOf(_reader, study, variant, seed);
        if (variant == study.Variants[0] || recipe.Teacher is not { Train: not null } teacher)
            return recipe;
        // A variant that changes the teacher trains its own; how its answers are kept does not change it.
        if (RecipeOf(_reader, study, study.Variants[0], seed).Teacher is not { } first || teacher with { Answers = first.Answers } != first)
            return recipe;
        var trained = Path.Combine(Folder(study.Variants[0], seed), Arms.Teacher);
        return recipe with { Teacher = teacher with { Model = null, Load = trained, Train = null, Seed = null, NewHead = false } };
    }

    /// <summary>The recipe of a variant as the study has it, before the teacher that the first variant trains takes the place of its own.</summary>
    /// <exception cref="DecantException">What the variant sets does not go together; it is named.</exception>
    public static Recipe RecipeOf(RecipeReader reader, Study study, StudyVariant variant, long seed)
    {
        var own = Read(reader, study, variant, seed);
        return variant == study.Variants[0] || HasOwnControl(own, Read(reader, study, study.Variants[0], seed)) ? own : Read(reader, study, variant, seed, "control=false", "baseline=none");
    }

    /// <summary>Whether a variant has a control and baselines of its own: those of the first variant are another student, or learned from other labels.</summary>
    public static bool HasOwnControl(Recipe recipe, Recipe first) => !Equals(recipe.Student, first.Student) || !Equals(recipe.Data, first.Data) || !Equals(recipe.Input, first.Input);

    private static Recipe Read(RecipeReader reader, Study study, StudyVariant variant, long seed, params string[] more)
    {
        try
        {
            return reader.Read(study.Recipe, [.. study.Set, .. variant.Set, "seed=null", $"seeds=[{seed}]", .. more]).Recipe;
        }
        catch (DecantException error)
        {
            throw Named(variant, error);
        }
    }

    /// <summary>The variant whose control and baselines a variant is compared with: itself, or the first.</summary>
    public StudyVariant ReferenceOf(StudyVariant variant) => HasOwnControl(Read(_reader, study, variant, study.Seeds[0]), Read(_reader, study, study.Variants[0], study.Seeds[0])) ? variant : study.Variants[0];

    /// <summary>Whether every seed of a variant has a model of that arm.</summary>
    public bool Has(StudyVariant variant, string arm) => study.Seeds.All(seed => Directory.Exists(Path.Combine(Folder(variant, seed), arm)));

    /// <summary>Refuses a variant that is measured on other samples than the first: nothing could be compared.</summary>
    /// <exception cref="DecantException">It is; it is named.</exception>
    public static void CheckTest(StudyVariant variant, Recipe recipe, Recipe first)
    {
        static object Test(Recipe r) => r.Data.Test is { } given ? given : (r.Data.Train, r.Data.Split?.Test, r.Data.Split?.Seed, r.Data.Split?.Stratified, r.Data.Split?.Validation);
        if (recipe.Task != first.Task || !Equals(Test(recipe), Test(first)))
            throw Named(variant, new DecantException("it is measured on other samples than the first variant, so that nothing can be compared: leave task, data.test and what cuts the test split as they are."));
    }

    /// <summary>A variant's error with its name.</summary>
    public static DecantException Named(StudyVariant variant, DecantException error) => new($"The variant '{variant.Name}': {error.Message}", error.ExitCode, error);

    /// <summary>Runs what is not done yet, or resumes it.</summary>
    public void Run(StudyVariant variant, long seed, string command, IProgress<RunEvent>? progress, CancellationToken cancellationToken)
    {
        if (IsDone(variant, seed))
            return;
        var folder = Folder(variant, seed);
        var (job, options) = (new DistillJob(catalog), new RunOptions { Out = folder, Command = command, TeacherCache = _cache });
        if (File.Exists(Path.Combine(folder, "recipe.yaml")))
            job.Resume(folder, options, null, progress, cancellationToken);
        else
            job.Run(RecipeOf(variant, seed), options, progress, cancellationToken);
    }

    public void Dispose() => _cache.Dispose();
}
