using Decant.Models.Configuration;

namespace Decant.Runs.Recipes.Schema;

/// <summary>A model that the student is compared with beside the control.</summary>
internal enum BaselineKind
{
    /// <summary>None; stands alone.</summary>
    None,

    /// <summary>The same student, seed and number of updates without the teacher, on all labels of the training split: on those hidden from student and control too.</summary>
    AllLabels,

    /// <summary>For a student that is a part of its teacher: a second control with newly drawn weights.</summary>
    FromScratch,

    /// <summary>For a student that is a part of its teacher: that part before any training, measured only.</summary>
    Untrained,
}

/// <summary>Which baselines a recipe means.</summary>
internal static class RecipeBaselines
{
    /// <summary>Whether the recipe may hide labels from the student; how many, only the data can say.</summary>
    public static bool MayHideLabels(this Recipe recipe) => recipe.Data.StudentLabels is not null || recipe.Distill.TransferSet is { WithoutClasses.Count: > 0 };

    /// <summary>
    /// The baselines of a run, in the order in which they are trained: those that the recipe lists, or, where it lists none, <see cref="BaselineKind.AllLabels"/> if there is
    /// a control and labels are hidden, and <see cref="BaselineKind.Untrained"/> for an embedding.
    /// </summary>
    /// <param name="recipe">The recipe.</param>
    /// <param name="hidesLabels">Whether student and control have fewer labels than the training split.</param>
    public static IReadOnlyList<BaselineKind> Baselines(this Recipe recipe, bool hidesLabels)
    {
        if (recipe.Baseline is { } listed)
            return [.. listed.Where(b => b is not BaselineKind.None).Order()];
        if (!recipe.HasTeacher())
            return [];
        return
        [
            .. hidesLabels && recipe.Control ? [BaselineKind.AllLabels] : (BaselineKind[])[],
            .. recipe.Task is ModelTask.Embedding && (recipe.Student.FromTeacher is not null || recipe.Student.Load is not null) ? [BaselineKind.Untrained] : (BaselineKind[])[],
        ];
    }
}
