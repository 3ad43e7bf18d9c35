namespace Decant.Recipes;

/// <summary>Something wrong between sections that are right by themselves.</summary>
/// <param name="Path">The key that it is told at.</param>
/// <param name="Message">What was expected, what came, what to do.</param>
public sealed record RecipeFinding(string Path, string Message);

/// <summary>One check of a whole recipe; it may rely on every section being right by itself.</summary>
/// <param name="recipe">The recipe.</param>
/// <param name="kinds">The kinds that there are.</param>
public delegate IEnumerable<RecipeFinding> RecipeCheck(Recipe recipe, IKindRegistry kinds);

/// <summary>The checks made across sections before anything starts; a caller with more to check adds to the list.</summary>
public static class RecipeChecks
{
    /// <summary>Every check of this room.</summary>
    public static IReadOnlyList<RecipeCheck> All { get; } =
    [
        SeedChecks.Seeds,
        CoresChecks.Shares,
        TaskChecks.Keys,
        TaskChecks.Objectives,
        DataChecks.Test,
        DataChecks.Validation,
        InputChecks.Keys,
        InputChecks.Kinds,
        InputChecks.Augment,
        TeacherChecks.Weights,
        TeacherChecks.NeededByObjectives,
        TeacherChecks.Student,
        EnsembleChecks.Members,
        EnsembleChecks.Weights,
        EnsembleChecks.Task,
        FitChecks.Length,
        FitChecks.Sampling,
        FitChecks.Metrics,
        FitChecks.Objectives,
        FitChecks.Balance,
    ];

    /// <summary>The parts of a recipe in which a model is fitted, with their keys.</summary>
    internal static IEnumerable<(string Path, FitSection Fit)> Fits(Recipe recipe)
    {
        foreach (var (path, teacher) in recipe.LargeModels())
            if (teacher.Train is { } train) yield return ($"{path}.train", train);
        yield return ("distill", recipe.Distill);
    }
}
