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
    /// their training does not depend on what a student learns from its teacher.
    /// </summary>
    /// <exception cref="DecantException">What the variant sets does not go together; it is named.</exception>
    public Recipe RecipeOf(StudyVariant variant, long seed)
    {
        var recipe = RecipeOf(_reader, study, variant, seed);
        if (variant == study.Variants[0] || recipe.Teacher is not { Train: not null } teacher)
            return recipe;
        // A variant that changes the teacher trains its own.
        if (!Equals(teacher, RecipeOf(_reader, study, study.Variants[0], seed).Teacher))
            return recipe;
        var trained = Path.Combine(Folder(study.Variants[0], seed), Arms.Teacher);
        return recipe with { Teacher = teacher with { Model = null, Load = trained, Train = null, Seed = null, NewHead = false } };
    }

    /// <summary>The recipe of a variant as the study has it, before the teacher that the first variant trains takes the place of its own.</summary>
    /// <exception cref="DecantException">What the variant sets does not go together; it is named.</exception>
    public static Recipe RecipeOf(RecipeReader reader, Study study, StudyVariant variant, long seed)
    {
        var isFirst = variant == study.Variants[0];
        string[] assignments = [.. study.Set, .. variant.Set, "seed=null", $"seeds=[{seed}]", $"control={(isFirst ? "true" : "false")}", .. isFirst ? [] : (string[])["baseline=none"]];
        try
        {
            return reader.Read(study.Recipe, assignments).Recipe;
        }
        catch (DecantException error)
        {
            throw Named(variant, error);
        }
    }

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
