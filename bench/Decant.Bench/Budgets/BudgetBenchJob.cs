using System.Globalization;
using Decant.Evaluation.Prediction;
using Decant.Export;
using Decant.Runs;
using Decant.Runs.Fitting;
using Decant.Runs.Hardware;
using Decant.Runs.Jobs;
using Decant.Runs.Planning;
using Decant.Runs.Preparing;
using Decant.Runs.Recipes.Reading;
using Decant.Runs.Recipes.Schema;
using Decant.Runs.Reports.Record;
using Decant.Runs.Running;

namespace Decant.Bench.Budgets;

/// <summary>Searches students for budgets that are drawn at random, and trains all candidates to see what the best would have been.</summary>
internal static class BudgetBenchJob
{
    /// <summary>Does it. What was trained stays in the folder, and is not trained again.</summary>
    /// <param name="file">A recipe of one task with a budget, of which only the forms are taken.</param>
    /// <param name="folder">The folder of all runs.</param>
    /// <param name="count">How many budgets.</param>
    /// <param name="seed">What they are drawn from.</param>
    /// <param name="progress">Gets a line now and then.</param>
    /// <param name="cancellationToken">Stops.</param>
    public static BudgetBenchReport Run(string file, string folder, int count, int seed, Action<string> progress, CancellationToken cancellationToken)
    {
        var catalog = Catalog.Standard;
        var given = new RecipeReader(catalog.Kinds).Read(file).Recipe;
        MachineFacts.Prepare(given.Threads);
        var recipe = given with { Teacher = given.Teacher! with { Model = null, Load = Teacher(catalog, given, folder, cancellationToken), Train = null } };
        using var data = DataPreparation.Prepare(catalog, recipe, cancellationToken);
        using var teacher = new RecipeArms(catalog, recipe, data).NewTeacher(recipe.RunSeeds()[0]);
        teacher.Eval();
        using var runs = new CandidateRuns(catalog, recipe, data, Path.Combine(folder, "candidates"), "decant bench budgets", null);
        var search = new BudgetSearch(catalog, recipe, data, teacher, runs);
        var grid = new Dictionary<string, GridFigure>(StringComparer.Ordinal);
        foreach (var (number, candidate) in search.Sizes.Keys.Index())
        {
            var figures = search.Measuring.Of(candidate, cancellationToken);
            var validation = runs.Validated(candidate, 1, cancellationToken);
            grid[candidate.Name] = new GridFigure(candidate.Name, figures, validation, Tested(runs.FolderOf(candidate, 1), data, cancellationToken));
            progress(string.Create(CultureInfo.InvariantCulture, $"{number + 1} of {search.Sizes.Count}: {candidate.Name}: {figures.Parameters:N0} parameters, {figures.Bytes:N0} bytes, {figures.Milliseconds:0.000} ms, validation {validation:P1}, test {grid[candidate.Name].Test:P1}"));
        }

        var lines = new List<BudgetLine>();
        foreach (var limits in DrawnBudgets.Of([.. grid.Values.Select(g => g.Figures)], count, seed))
        {
            var keeping = grid.Values.Where(g => g.Keeps(limits)).ToArray();
            var before = runs.Cost;
            var chosen = Chosen(search, limits, cancellationToken);
            lines.Add(new BudgetLine(limits, keeping.Length, chosen is null ? null : grid[chosen.Name], keeping.MaxBy(g => g.Validation), runs.Cost - before));
            progress($"{limits}: {chosen?.Name ?? "refused"}");
        }

        return new BudgetBenchReport(grid.Count, lines);
    }

    private static Candidate? Chosen(BudgetSearch search, FitLimits limits, CancellationToken cancellationToken)
    {
        try
        {
            return search.Run(limits, cancellationToken).Best;
        }
        catch (DecantException refused) when (refused.Message.StartsWith("student.budget", StringComparison.Ordinal))
        {
            return null;
        }
    }

    private static string Teacher(Catalog catalog, Recipe recipe, string folder, CancellationToken cancellationToken)
    {
        var run = Path.Combine(folder, "teacher");
        var job = new TrainJob(catalog);
        _ = File.Exists(Path.Combine(run, "recipe.yaml")) ? job.Resume(run, new RunOptions(), null, null, cancellationToken)
            : job.Run(recipe with { Student = recipe.Student with { Budget = null } }, new RunOptions { Out = run }, null, cancellationToken);
        return Path.Combine(run, Arms.Teacher);
    }

    private static double Tested(string run, PreparedData data, CancellationToken cancellationToken)
    {
        using var model = ModelFolder.Load(Path.Combine(run, Arms.Student));
        var answers = Predictor.Ask(model, data.Once(data.Test), EvaluationTasks.Of(data, data.Test), null, cancellationToken);
        return answers.Metrics()[answers.Headline.Name];
    }
}
