using Decant.Runs.Recipes.Kinds;
using Decant.Runs.Recipes.Schema;
using Decant.Training;

namespace Decant.Runs.Recipes.Checks;

/// <summary>Something wrong between sections that are right by themselves.</summary>
/// <param name="Path">The key that it is reported at.</param>
/// <param name="Message">What was expected, what came, what to do.</param>
internal sealed record RecipeFinding(string Path, string Message);

/// <summary>One check of a whole recipe; it may rely on every section being right by itself.</summary>
/// <param name="recipe">The recipe.</param>
/// <param name="kinds">The kinds that there are.</param>
internal delegate IEnumerable<RecipeFinding> RecipeCheck(Recipe recipe, IKindRegistry kinds);

/// <summary>The checks made across sections before anything starts; a caller with more to check adds to the list.</summary>
internal static class RecipeChecks
{
    /// <summary>Every check of this room.</summary>
    public static IReadOnlyList<RecipeCheck> All { get; } =
    [
        SeedChecks.Seeds,
        ThreadAllocationChecks.Shares,
        BaselineChecks.Kinds,
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
        TeacherChecks.Between,
        ContextChecks.Teacher,
        FollowChecks.Teacher,
        EnsembleChecks.Members,
        EnsembleChecks.Weights,
        EnsembleChecks.Task,
        TagChecks.Teachers,
        TrainingChecks.Length,
        TrainingChecks.Sampling,
        TrainingChecks.Metrics,
        TrainingChecks.Objectives,
        TrainingChecks.Balance,
        TrainingChecks.BatchOfOne,
        StageChecks.Whole,
        StageChecks.Names,
        StageChecks.Pruning,
        StageChecks.Blockwise,
        StageChecks.Parts,
        StageChecks.Transfers,
        RolloutChecks.Sections,
        RolloutChecks.Objectives,
        ExportChecks.Forms,
        QuantizationChecks.Forms,
        BudgetChecks.Limits,
        AdapterChecks.Student,
        StoredAnswerChecks.Inputs,
        ChatChecks.Teacher,
        GenerationChecks.Of,
        EmbeddingTeacherChecks.Teacher,
        ScoresTeacherChecks.Teacher,
        GgufTeacherChecks.Teachers,
    ];

    /// <summary>The parts of a recipe in which a model is fitted, with their keys. Of a stage, what it says itself: the rest stands where it was said.</summary>
    internal static IEnumerable<(string Path, TrainingOptions Fit)> Fits(Recipe recipe)
    {
        foreach (var (path, teacher) in recipe.LargeModels())
            if (teacher.Train is { } train) yield return ($"{path}.train", train);
        foreach (var (path, distill) in Distillations(recipe))
        {
            yield return (path, distill);
            for (var i = 0; i < (distill.Stages?.Count ?? 0); i++) yield return ($"{path}.stages[{i}]", distill.Stages![i].Own(distill));
        }
    }

    /// <summary>The student's distillation, and those of the assistants that have one of their own, with their keys.</summary>
    internal static IEnumerable<(string Path, DistillSection Distill)> Distillations(Recipe recipe)
    {
        yield return ("distill", recipe.Distill);
        for (var i = 0; i < (recipe.Assistants?.Count ?? 0); i++)
            if (recipe.Assistants![i].Distill is { } own) yield return ($"assistants[{i}].distill", own);
    }

    /// <summary>Every section that distills from a teacher, with its key: the stages of a distillation, or all of it where it has none.</summary>
    internal static IEnumerable<(string Path, DistillSection Section)> DistillSections(Recipe recipe) =>
        Distillations(recipe).SelectMany(d => d.Distill.Stages is { } stages ? stages.Select((s, i) => ($"{d.Path}.stages[{i}]", s.Options)) : [d]);
}
