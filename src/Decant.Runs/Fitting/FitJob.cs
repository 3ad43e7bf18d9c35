using System.Text;
using Decant.Files;
using Decant.Runs.Hardware;
using Decant.Runs.Jobs;
using Decant.Runs.Planning;
using Decant.Runs.Preparing;
using Decant.Runs.Recipes.Reading;
using Decant.Runs.Recipes.Schema;
using Decant.Runs.Recipes.Writing;
using Decant.Runs.Reports.Record;
using Decant.Runs.Running;

namespace Decant.Runs.Fitting;

/// <summary>Chooses the part of a teacher, and the form of its file, that keep a budget with the most quality, and distils it.</summary>
/// <param name="catalog">The kinds that recipes name.</param>
internal sealed class FitJob(Catalog catalog)
{
    private const string Given = "given.yaml"; // what was asked for
    private const string Chosen = "recipe.yaml"; // what was found

    /// <summary>Searches, and distils what was found.</summary>
    /// <param name="recipe">A recipe with <c>student.budget</c>.</param>
    /// <param name="options">Where to.</param>
    /// <param name="progress">Gets every event of every run, and what is done between them.</param>
    /// <param name="cancellationToken">Stops after the current update, with a checkpoint; the same command goes on.</param>
    /// <returns>The search, and the run of the chosen student; null where it was only chosen.</returns>
    /// <exception cref="DecantException">The recipe has no budget, or no student keeps it: the nearest is named.</exception>
    public (FitResult? Search, RunResult? Run) Run(Recipe recipe, FitOptions options, IProgress<RunEvent>? progress = null, CancellationToken cancellationToken = default)
    {
        if (recipe.Student.Budget is not { } budget)
            throw new DecantException("There is no budget: say what the student may take at most, with student.budget in the recipe or, for instance, --set 'student.budget={ bytes: 5MB, latency-ms: 2 }'. Without one, use 'decant distill'.");
        Begin(recipe, options.Out);
        var chosen = Path.Combine(options.Out, Chosen);
        FitResult? search = null;
        if (!File.Exists(chosen))
        {
            var taught = WithTeacher(recipe, options, progress, cancellationToken);
            var (found, best) = Search(taught, FitLimits.Of(budget), options, progress, cancellationToken);
            search = found;
            AtomicFile.Write(chosen, Encoding.UTF8.GetBytes(Recipe(taught, best).ToYaml(catalog.Kinds)));
        }

        if (options.OnlyChoose)
            return (search, null);
        var (job, folder) = (new DistillJob(catalog), Path.Combine(options.Out, "run"));
        var run = new RunOptions { Out = folder, Command = options.Command, ToResume = options.Command, ExitWhenStopped = options.ExitWhenStopped };
        return (search, File.Exists(Path.Combine(folder, "recipe.yaml"))
            ? job.Resume(folder, run, null, progress, cancellationToken)
            : job.Run(new RecipeReader(catalog.Kinds).Read(chosen), run, progress, cancellationToken));
    }

    private void Begin(Recipe recipe, string folder)
    {
        var (file, text) = (Path.Combine(folder, Given), recipe.ToYaml(catalog.Kinds));
        if (File.Exists(file) ? File.ReadAllText(file) != text : Directory.Exists(folder) && Directory.EnumerateFileSystemEntries(folder).Any())
            throw new DecantException($"{folder} holds {(File.Exists(file) ? "the search of another recipe" : "something else")}. Nothing is overwritten: name another folder with --out, or remove this one.");
        Directory.CreateDirectory(folder);
        AtomicFile.Write(file, Encoding.UTF8.GetBytes(text));
    }

    // The recipe with a teacher that is ready: it is trained once, in a run of its own.
    private Recipe WithTeacher(Recipe recipe, FitOptions options, IProgress<RunEvent>? progress, CancellationToken cancellationToken)
    {
        if (recipe.Teacher is not { Train: not null } teacher)
            return recipe;
        var (job, folder) = (new TrainJob(catalog), Path.Combine(options.Out, "teacher"));
        var run = new RunOptions { Out = folder, Command = options.Command, ToResume = options.Command, ExitWhenStopped = options.ExitWhenStopped };
        _ = File.Exists(Path.Combine(folder, "recipe.yaml")) ? job.Resume(folder, run, null, progress, cancellationToken)
            : job.Run(recipe with { Seed = recipe.RunSeeds()[0], Seeds = null, Student = recipe.Student with { Budget = null } }, run, progress, cancellationToken);
        return recipe with { Teacher = teacher with { Model = null, Load = Path.Combine(folder, Arms.Teacher), Train = null, Seed = null, NewHead = false } };
    }

    private (FitResult Result, Candidate Best) Search(Recipe recipe, FitLimits limits, FitOptions options, IProgress<RunEvent>? progress, CancellationToken cancellationToken)
    {
        MachineFacts.Prepare(recipe.Threads);
        recipe = FetchedModels.Of(catalog.Fetching, recipe, progress, cancellationToken);
        using var data = DataPreparation.Prepare(catalog, recipe, cancellationToken);
        var seed = recipe.RunSeeds()[0];
        using var teacher = new RecipeArms(catalog, recipe, data).NewTeacher(seed);
        teacher.Eval();
        using var runs = new CandidateRuns(catalog, recipe, data, Path.Combine(options.Out, "candidates"), options.Command, progress);
        var search = new BudgetSearch(catalog, recipe, data, teacher, runs) { Note = text => progress?.Report(new RunNote { Text = text }) };
        var (result, best) = search.Run(limits, cancellationToken);
        AtomicFile.Write(Path.Combine(options.Out, "fit.json"), Encoding.UTF8.GetBytes(FitText.Json(result) + "\n"));
        AtomicFile.Write(Path.Combine(options.Out, "fit.md"), Encoding.UTF8.GetBytes(FitText.Markdown(result)));
        return (result, best);
    }

    private static Recipe Recipe(Recipe recipe, Candidate best)
    {
        var export = recipe.Export ?? new ExportSection { Quantize = [] };
        return CandidateRuns.With(recipe, best) with { Export = best.Form is { } form && !export.Quantize.Contains(form) ? export with { Quantize = [.. export.Quantize, form] } : export };
    }
}
