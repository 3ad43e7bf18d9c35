using Decant.Models.Configuration;
using Decant.Objectives.Sequence;
using Decant.Runs.Recipes.Kinds;
using Decant.Runs.Recipes.Schema;

namespace Decant.Runs.Recipes.Checks;

/// <summary>What texts that models write while a student learns need, and go with.</summary>
internal static class RolloutChecks
{
    public static IEnumerable<RecipeFinding> Sections(Recipe recipe, IKindRegistry kinds)
    {
        foreach (var (path, section) in RecipeChecks.DistillSections(recipe).Where(s => s.Section.Rollouts is not null))
        {
            var at = $"{path}.rollouts";
            if (recipe.Task != ModelTask.CausalLanguageModel)
                yield return new(at, "texts are written by causal language models, and the task is another; leave 'rollouts' out, or say task: causal-lm");
            if (!recipe.HasTeacher())
                yield return new(at, "the student's own texts teach it nothing without a teacher that judges them; add a teacher section, or leave 'rollouts' out");
            if (recipe.Input.CarryState is true)
                yield return new(at, "'input.carry-state' reads the data as one running text, which texts that are written are no part of; leave one of the two out");
            if (section.Rollouts!.Fault() is { } fault)
                yield return new(at, fault);
            if (recipe.ThreadAllocation.Student?.Contains('+', StringComparison.Ordinal) is true)
                yield return new("thread-allocation.student", $"the teacher cannot answer ahead of texts that are yet to be written ({at}); write one number of threads");
            if (recipe.LargeModels().Any(m => m.Section is TeacherSection { Answers: not null }))
                yield return new(at, "answers that are kept on disk are of the texts of the data, and these are written anew in every update; leave 'answers' out");
        }
    }

    public static IEnumerable<RecipeFinding> Objectives(Recipe recipe, IKindRegistry kinds)
    {
        foreach (var (path, section) in RecipeChecks.DistillSections(recipe))
        {
            for (var i = 0; i < section.Objectives.Count; i++)
            {
                if (section.Objectives[i] is OnPolicy objective && Missing(objective, section) is { } fault)
                    yield return new($"{path}.objectives[{i}]", fault);
            }
        }
    }

    private static string? Missing(OnPolicy objective, DistillSection section)
    {
        var (student, teacher) = (section.Rollouts?.Student.Largest > 0, section.Rollouts?.Teacher.Largest > 0);
        if (!student && (objective.Granularity == Granularity.Sampled || objective.Texts == TextsOf.Student || objective.Future > 0))
            return "it is about texts that the student writes, and the student writes none: add 'rollouts' with a share for the student";
        if (!teacher && objective.Texts == TextsOf.Teacher)
            return "it is about texts that the teacher writes, and the teacher writes none: add 'rollouts' with a share for the teacher";
        return null;
    }
}
